"""Input made clean."""

from twoway.people.forms.person import Introduction, KeepApart, Wishes
from twoway.people.forms.signin import AskForSignIn, NewPassword, SignInCode, SignInPassword

__all__ = ["AskForSignIn", "Introduction", "KeepApart", "NewPassword", "SignInCode", "SignInPassword", "Wishes"]
