"""All registers of the simulated world of one scenario and seed."""

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np

from ..dirt.blemishes import Blemishes, blemishes
from ..kernel.draws import Bools, Draws, Ints
from ..scenario.load import Scenario
from .eid_accounts import Accounts
from .exams import Exams
from .health import Encounters, Immunizations
from .households import Households
from .id_card_dossiers import Dossiers
from .id_cards import Cards
from .participants import Participants
from .people import People
from .places import Places
from .population import Population
from .portal import PortalDossiers
from .portal_copies import Copies
from .portal_listings import Listings
from .portal_national import NationalCounts, NationalList
from .portal_petitions import Petitions
from .residents import Residents
from .tasks import Tasks


class Register(Protocol):
    """What all registers have in common: numbered records and the moments of their versions."""

    @property
    def size(self) -> int:
        """How many true records there are."""

    def arrived_through(self, day: int, /) -> int:
        """An upper bound of record numbers told by a day."""

    def updates(self, n: Ints, /) -> dict[int, Ints]:
        """The moment of each version slot; beyond all days where there is no such version."""


@dataclass(frozen=True)
class Registers:
    """Entry to every register of the world."""

    scenario: Scenario
    seed: int = 2022

    @cached_property
    def draws(self) -> Draws:
        """All random draws."""
        return Draws(self.seed)

    @cached_property
    def population(self) -> Population:
        """Numbering of persons and households."""
        return Population(self.scenario, self.draws)

    @cached_property
    def people(self) -> People:
        """Attributes of persons."""
        return People(self.population, self.draws)

    @cached_property
    def places(self) -> Places:
        """Communes, facilities, schools."""
        return Places(self.scenario.province, self.draws)

    @cached_property
    def residents(self) -> Residents:
        """Police: the residence register."""
        return Residents(self.population, self.people, self.places, self.draws)

    @cached_property
    def households(self) -> Households:
        """Police: households."""
        return Households(self.population, self.places, self.draws)

    @cached_property
    def dossiers(self) -> Dossiers:
        """Police: applications for identity cards."""
        return Dossiers(self.population, self.places, self.draws)

    @cached_property
    def cards(self) -> Cards:
        """Police: identity cards."""
        return Cards(self.dossiers, self.people, self.draws)

    @cached_property
    def accounts(self) -> Accounts:
        """Police: e-ID accounts."""
        return Accounts(self.population, self.places, self.draws)

    @cached_property
    def participants(self) -> Participants:
        """Insurance: participants."""
        return Participants(self.population, self.places, self.draws)

    @cached_property
    def encounters(self) -> Encounters:
        """Health: visits."""
        return Encounters(self.population, self.places, self.draws, self.is_identified)

    def is_identified(self, e: Ints) -> Bools:
        """At which visits the person agrees with the register: everywhere, where nobody judges."""
        return np.ones(len(e), dtype=np.bool_)

    @cached_property
    def immunizations(self) -> Immunizations:
        """Health: vaccinations."""
        return Immunizations(self.population, self.places, self.draws)

    @cached_property
    def portal(self) -> PortalDossiers:
        """Portal: dossiers of administrative procedures."""
        return PortalDossiers(self.population, self.places, self.draws)

    @cached_property
    def national_list(self) -> NationalList:
        """National portal: the list of dossiers by period."""
        return NationalList(self.portal, self.draws)

    @cached_property
    def national_counts(self) -> NationalCounts:
        """National portal: the counts by period and procedure."""
        return NationalCounts(self.national_list)

    @cached_property
    def listings(self) -> Listings:
        """Portal: procedures that offices list."""
        return Listings(self.population, self.places, self.draws)

    @cached_property
    def petitions(self) -> Petitions:
        """Portal: petitions about offices."""
        return Petitions(self.population, self.places, self.draws)

    @cached_property
    def copies(self) -> Copies:
        """Portal: copies certified electronically."""
        return Copies(self.population, self.places, self.draws)

    @cached_property
    def tasks(self) -> Tasks:
        """Programme office: the tasks of the plan."""
        return Tasks(self.scenario.programme, self.scenario.calendar, self.draws)

    def blemishes(self, source: str) -> Blemishes:
        """The flagged dirt of one source, by the shares of the scenario."""
        return blemishes(source, self.scenario, self.draws)

    @cached_property
    def registers(self) -> dict[str, Register]:
        """The registers that are sent as versions of records, by dataset."""
        return {
            "police.resident": self.residents,
            "police.household": self.households,
            "police.id_card_dossier": self.dossiers,
            "police.id_card": self.cards,
            "police.eid_account": self.accounts,
            "insurance.participant": self.participants,
            "health.encounter": self.encounters,
            "health.immunization": self.immunizations,
            "portal.dossier": self.portal,
            "portal.national_dossier": self.national_list,
            "portal.national_count": self.national_counts,
            "portal.listed_procedure": self.listings,
            "portal.petition": self.petitions,
            "portal.certified_copy": self.copies,
        }

    @cached_property
    def exams(self) -> Exams:
        """Education: exam candidates."""
        return Exams(self.population, self.places, self.draws)
