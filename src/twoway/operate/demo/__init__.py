"""The demo: made-up organisations with believable programmes, to try Twoway on. Everything in it is marked."""
