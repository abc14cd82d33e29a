from twoway.people.models.apart import KeptApart
from twoway.people.models.consent import Clearance, Consent
from twoway.people.models.desk import DeskNote
from twoway.people.models.membership import Membership, Seat
from twoway.people.models.notification import Notification
from twoway.people.models.office import Office
from twoway.people.models.organisation import FormerSlug, Organisation
from twoway.people.models.person import Person
from twoway.people.models.programme import Intake, Programme
from twoway.people.models.support import SupportLine
from twoway.people.models.token import Token

__all__ = [
    "Clearance",
    "Consent",
    "DeskNote",
    "FormerSlug",
    "Intake",
    "KeptApart",
    "Membership",
    "Notification",
    "Office",
    "Organisation",
    "Person",
    "Programme",
    "Seat",
    "SupportLine",
    "Token",
]
