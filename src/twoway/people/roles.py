"""Who may do what: the whole permission table on one page.

Each role in a sentence; each power with the roles that hold it. `rules.py` of every room asks here, and never
compares role names itself.
"""

from enum import Enum

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "admin": _(
        "Opens, copies and archives the organisation's programmes, gives roles, and sees totals. "
        "Has no conversation with participants."
    ),
    "coordinator": _(
        "Runs the programmes given to them, and no others: people, sign-up, matching, settings. "
        "Never reads what is said in a loop."
    ),
    "viewer": _("Sees the published report of a programme, and nothing else."),
    "safeguarding": _(
        "May be turned to by anybody in the programme. Sees what a person chooses to show, and nothing else."
    ),
    "member": _("Sees the programme's welcome, its members as far as each allows, and their own data."),
    "participant": _("Shares a loop with somebody: reads and writes what belongs to the two of them."),
}


class Power(Enum):
    RUN_ORGANISATION = "run the organisation"  # programmes, roles, name
    RUN_PROGRAMME = "run a programme"  # people, sign-up, matching, settings
    GIVE_ROLES = "give the roles of a programme"  # ask in, end, make primary; nothing about its participants
    SEE_TOTALS = "see totals"
    SEE_PROGRAMME = "see that a programme exists, from inside"


HOLDERS: dict[Power, frozenset[str]] = {
    Power.RUN_ORGANISATION: frozenset({"admin"}),
    Power.RUN_PROGRAMME: frozenset({"coordinator"}),
    Power.GIVE_ROLES: frozenset({"admin", "coordinator"}),
    Power.SEE_TOTALS: frozenset({"admin"}),
    Power.SEE_PROGRAMME: frozenset({"coordinator", "safeguarding", "member"}),
}
