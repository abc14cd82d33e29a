"""What an operator can mend, said in one sentence."""


class Trouble(Exception):
    """What was asked for is not done. Its text says what is wrong and what to do; it is shown without a trace."""
