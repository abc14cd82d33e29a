"""What an operator can mend, said in one sentence."""


class Trouble(Exception):
    """Its text says what is wrong and what to do; it is shown without a trace."""
