from django.urls import path

from twoway.matching.views import (
    answer,
    apart,
    by_hand,
    draft,
    fairness,
    instead,
    proof,
    proposal,
    rehearsal,
    round,
    wish,
    wish_time,
)

app_name = "matching"

_AT = "<slug:organisation>/<slug:programme>/"
_ROUND = _AT + "rounds/<str:round_id>/"
_REHEARSAL = _ROUND + "rehearsals/<str:rehearsal_id>/"
_PROPOSAL = _AT + "proposals/<str:proposal_id>/"

urlpatterns = [
    # one's own
    path("me/proposals/<str:proposal_id>/", answer.proposal_answer, name="proposal-answer"),
    path("me/proposals/<str:proposal_id>/undo/", answer.proposal_undo, name="proposal-undo"),
    path("me/proposals/<str:proposal_id>/take-back/", answer.proposal_take_back, name="proposal-take-back"),
    path("me/apart/", apart.aparts, name="aparts"),
    path("me/apart/<str:apart_id>/", apart.apart_drop, name="apart-drop"),
    path(_AT + "wishes/", wish.wishes, name="wishes"),
    # rounds
    path(_AT + "rounds/", round.rounds, name="rounds"),
    path(_AT + "rounds/new/", round.round_new, name="round-new"),
    path(_AT + "rounds/wishes/", wish_time.wish_time, name="wish-time"),
    path(_ROUND, round.round, name="round"),
    path(_ROUND + "cancel/", round.round_cancel, name="round-cancel"),
    path(_ROUND + "again/", round.round_again, name="round-again"),
    path(_ROUND + "proof/", proof.round_proof, name="round-proof"),
    path(_ROUND + "check/", proof.round_check, name="round-check"),
    path(_ROUND + "fairness/", fairness.round_fairness, name="round-fairness"),
    path(_ROUND + "fairness/trait/", fairness.round_trait, name="round-trait"),
    path(_ROUND + "rehearsals/", rehearsal.rehearsals, name="rehearsals"),
    path(_REHEARSAL, rehearsal.rehearsal, name="rehearsal"),
    path(_REHEARSAL + "cancel/", rehearsal.rehearsal_cancel, name="rehearsal-cancel"),
    path(_REHEARSAL + "removal/", rehearsal.rehearsal_remove, name="rehearsal-remove"),
    path(_REHEARSAL + "weights/", rehearsal.rehearsal_use, name="rehearsal-use"),
    path(_ROUND + "receipt.json", proof.round_receipt, name="round-receipt"),
    path(_ROUND + "problem.json", proof.round_problem, name="round-problem"),
    path(_ROUND + "left-over/<str:application_id>/", instead.left_over, name="left-over"),
    path(_ROUND + "left-over/<str:application_id>/<str:mentor_id>/", instead.left_over_one, name="left-over-one"),
    # proposals
    path(_AT + "proposals/", proposal.proposals, name="proposals"),
    path(_AT + "proposals/publish/", draft.publish, name="publish"),
    path(_AT + "proposals/by-hand/", by_hand.by_hand, name="by-hand"),
    path(_AT + "proposals/by-hand/<str:application_id>/", by_hand.by_hand_one, name="by-hand-one"),
    path(_PROPOSAL, proposal.proposal, name="proposal"),
    path(_PROPOSAL + "pin/", draft.proposal_pin, name="proposal-pin"),
    path(_PROPOSAL + "dismissal/", draft.proposal_dismiss, name="proposal-dismiss"),
    path(_PROPOSAL + "restoring/", draft.proposal_restore, name="proposal-restore"),
    path(_PROPOSAL + "swap/", draft.proposal_swap, name="proposal-swap"),
    path(_PROPOSAL + "instead/", instead.instead, name="proposal-instead"),
    path(_PROPOSAL + "instead/<str:mentor_id>/", instead.instead_one, name="proposal-instead-one"),
    path(_PROPOSAL + "words/", draft.proposal_words, name="proposal-words"),
    path(_PROPOSAL + "extension/", proposal.proposal_extend, name="proposal-extend"),
    path(_PROPOSAL + "withdrawal/", proposal.proposal_withdraw, name="proposal-withdraw"),
    path(_PROPOSAL + "yes/", proposal.proposal_yes, name="proposal-yes"),
]
