"""The help that Twoway ships with: emergency numbers and international directories, nothing else.

None of it was checked by us; each entry names its source, and the page says so. What helps in a country, a
programme enters and checks itself.
"""

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LISTED_ON = date(2026, 11, 22)


@dataclass(frozen=True)
class EmergencyNumber:
    number: str
    where: Promise
    source: str  # whose page says so
    url: str


@dataclass(frozen=True)
class Directory:
    name: str
    what: Promise
    url: str


EMERGENCY_NUMBERS = (
    EmergencyNumber(
        "112",
        _("European Union, and many other countries"),
        "European Commission",
        "https://digital-strategy.ec.europa.eu/en/policies/112",
    ),
    EmergencyNumber(
        "999",
        _("United Kingdom (112 works too)"),
        "GOV.UK",
        "https://www.gov.uk/guidance/999-and-112-the-uks-national-emergency-numbers",
    ),
    EmergencyNumber("911", _("United States"), "911.gov", "https://www.911.gov/"),
    EmergencyNumber("911", _("Canada"), "CRTC", "https://crtc.gc.ca/eng/phone/911/"),
    EmergencyNumber("000", _("Australia"), "Triple Zero", "https://www.triplezero.gov.au/"),
    EmergencyNumber("111", _("New Zealand"), "New Zealand Police", "https://www.police.govt.nz/"),
    EmergencyNumber("119", _("Japan (ambulance and fire)"), "FDMA", "https://www.fdma.go.jp/"),
)

DIRECTORIES = (
    Directory(
        "Find A Helpline",
        _("Helplines by country and by what it is about, with phone, text and chat."),
        "https://findahelpline.com/",
    ),
    Directory(
        "Befrienders Worldwide",
        _("Centres in many countries where trained volunteers listen."),
        "https://befrienders.org/",
    ),
)
