"""Input made clean."""

from twoway.people.forms.signin import AskForSignIn, NewPassword, SignInCode, SignInPassword

__all__ = ["AskForSignIn", "NewPassword", "SignInCode", "SignInPassword"]
