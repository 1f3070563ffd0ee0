"""The words of each act on pages: its address, its button, what it entails, what is said once it is done."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from resources.kinds.shape import Text


@dataclass(frozen=True, kw_only=True)
class Words:
    path: str  #: last word of the address
    button: Text
    help: Text = ""  #: what one should know before
    done: Text = ""
    is_grave: bool = False  #: to be confirmed: it cannot be undone by whoever does it


#: On the seat of one local authority.
SEAT: dict[str, Words] = {
    "join": Words(
        path="rejoindre",
        button=_("Say that we are interested"),
        help=_("This binds nobody: what binds is the deliberation, then the signature. The lead answers."),
        done=_("Said. The lead is told, and answers on this page."),
    ),
    "describe": Words(
        path="referents",
        button=_("Say who is in charge"),
        help=_("Functions rather than names: they stay when people change."),
        done=_("Noted."),
    ),
    "needs": Words(
        path="besoins",
        button=_("Declare our needs"),
        help=_("One line for each thing. Use the words that others used: quantities then add up."),
        done=_("Your needs are in the table."),
    ),
    "plan": Words(
        path="programmer",
        button=_("Schedule the deliberation"),
        help=_("The council at which it will be voted. The date can be changed until then."),
        done=_("The date is known to all participants."),
    ),
    "deliberate": Words(
        path="deliberer",
        button=_("Attach the deliberation"),
        help=_("Once voted. Give its address, or attach the document: all those who read this page can open it."),
        done=_("The deliberation is recorded."),
    ),
    "sign": Words(
        path="signer",
        button=_("Record the signature"),
        help=_("The signed agreement is what binds. Here one records on which day it was signed."),
        done=_("The local authority is a signatory."),
    ),
    "contribute": Words(
        path="contributions",
        button=_("Say what we contribute"),
        help=_("What is planned, and once it is done what was really given."),
        done=_("Your contributions are in the table."),
    ),
    "decline": Words(
        path="vote-defavorable",
        button=_("The council said no"),
        help=_("The local authority does not take part any more. Only the lead can take it in again."),
        done=_("Recorded: the local authority does not take part."),
        is_grave=True,
    ),
    "leave": Words(
        path="se-retirer",
        button=_("Leave the action"),
        help=_("Its needs are taken out of the table, and the shares of the others are computed anew."),
        done=_("The local authority has left the action."),
        is_grave=True,
    ),
    "admit": Words(path="admettre", button=_("Admit"), done=_("Admitted: it may deliberate, sign and share the cost.")),
    "refuse": Words(
        path="refuser",
        button=_("Refuse"),
        help=_("The reason is told to the local authority, and read by all on this page."),
        done=_("Refused. The local authority is told why."),
        is_grave=True,
    ),
    "exclude": Words(
        path="exclure",
        button=_("Exclude"),
        help=_("For a signatory that does not keep to the agreement. The reason is read by all on this page."),
        done=_("Excluded. The shares of the others are computed anew."),
        is_grave=True,
    ),
    "weigh": Words(
        path="poids",
        button=_("Set what it counts for"),
        help=_("Used by the keys “by real need” and “by agreed percentages”."),
        done=_("Noted. Shares are computed anew."),
    ),
    "agree": Words(
        path="part-convenue",
        button=_("Set the share by agreement"),
        help=_("The sharing key then divides what is left between the others: the total stays exact."),
        done=_("Noted. The shares of the others make up the total."),
    ),
}
#: Of the lead, on the action as a whole.
STEERING: dict[str, Words] = {
    "advance": Words(
        path="avancement",
        button=_("Change the progress"),
        help=_("All those who take part or follow read it at the top of this page."),
        done=_("Noted."),
    ),
    "instrument": Words(
        path="convention",
        button=_("Say where the legal instrument stands"),
        help=_("Participants sign once it is open for signature. What was opened for signature is not drafted again."),
        done=_("Noted."),
    ),
    "launch": Words(
        path="lancement",
        button=_("Record the launch of the procurement"),
        help=_("From that day nobody joins as a beneficiary, and needs no longer change."),
        done=_("Recorded. Nobody joins as a beneficiary any more."),
        is_grave=True,
    ),
    "budget": Words(
        path="budget",
        button=_("Set the budget"),
        help=_("Below zero what comes in, such as a grant. Shares are computed anew."),
        done=_("The budget is noted."),
    ),
    "share": Words(
        path="repartition", button=_("Share the cost"), done=_("The shares are computed: all can read them.")
    ),
    "milestones": Words(path="jalons", button=_("Set the milestones"), done=_("The milestones are noted.")),
    "decide": Words(
        path="decision",
        button=_("Record a decision"),
        help=_("A line of the register is never changed: what is decided otherwise is another line."),
        done=_("The decision is in the register."),
    ),
    "practice": Words(
        path="bonne-pratique",
        button=_("Write the good practice"),
        done=_("This draft says what the action already says. Read it again, and complete it."),
    ),
}
WORDS = SEAT | STEERING
