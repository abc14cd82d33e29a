from twoway.signup.models.application import Answer, Application
from twoway.signup.models.form import Form, Question
from twoway.signup.models.invitation import Invitation
from twoway.signup.models.roster import Roster, RosterRow

__all__ = ["Answer", "Application", "Form", "Invitation", "Question", "Roster", "RosterRow"]
