"""Input made clean."""

from twoway.people.forms.person import KeepApart, Wishes
from twoway.people.forms.signin import AskForSignIn, NewPassword, SignInCode, SignInPassword

__all__ = ["AskForSignIn", "KeepApart", "NewPassword", "SignInCode", "SignInPassword", "Wishes"]
