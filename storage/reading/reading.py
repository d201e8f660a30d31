"""A reading as its reader has it: cases, sheets, signatures. Domain values in, domain values out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert as upsert

from scoring_forms.domain.completeness import missing_cells
from scoring_forms.domain.evidence import Gap, evidence_gaps
from scoring_forms.domain.score import Cell, Score
from storage import arrays, audit, passwords
from storage.audit import AUDIT, Entry, Event, Head
from storage.errors import (
    CaseNotSignedError,
    CaseSignedError,
    DamagedStoreError,
    IncompleteCaseError,
    MissingEvidenceError,
    OldRefusalError,
    TamperedError,
    WrongGrantError,
    WrongPasswordError,
)
from storage.grants import Grant, Refusal
from storage.reading import reopening, schema, signing
from storage.reading.annotated import AnnotatedReading
from storage.reading.annotation_logs import OVERRIDES, load_marks
from storage.reading.consensus import load_consensus
from storage.reading.core import reason_words
from storage.reading.log import Writer
from storage.reading.records import Receipt, ReopenRequest, Signature, SignedCase
from storage.reading.scores import CONSENSUS, SCORE_ACTIONS, add_scores, load_sheet
from storage.reading.trail import Part
from storage.reading.verify import database_findings, trail_findings

Checkpoint = Callable[[int, int], None]


class Reading(AnnotatedReading):
    """An open ``CODE.reading`` folder; one writer at a time, a job in another thread may share it.

    Cases and pictures: :class:`storage.reading.core.OpenReading`; places, marks and words:
    :class:`storage.reading.annotated.AnnotatedReading`; here scores, signatures and checks.
    """

    # Scoring

    def record(self, code: str, changes: Sequence[tuple[Cell, Score | None]], action: str) -> datetime:
        """Save changes of one case in one transaction and return, after the commit, when it was (UTC).

        Args:
            code: The case.
            changes: At least one; None empties a cell. A cell may come twice, the later wins.
            action: One of :data:`storage.reading.scores.SCORE_ACTIONS`. A consensus is about scores, and
                stated in adjudications alone.

        Raises:
            UnknownCaseError, UnknownCellError, ScoreOutOfRangeError, BadReasonError: Nothing was saved.
            CaseSignedError: The case is locked.
            ReasonNeededError: The case was reopened; see :meth:`give_reason`.
            StorageFullError, StorageUnavailableError, StoreBusyError: Nothing was saved; try again.
        """
        if not changes or action not in SCORE_ACTIONS:
            raise ValueError(f"no changes, or an unknown action {action!r}")
        empties = any(score is None for _cell, score in changes)
        if action == CONSENSUS and (empties or not self.is_adjudication):
            raise ValueError("a consensus is about scores of an adjudication")
        self._require(code)
        for cell, score in changes:
            self._validate(code, cell, score)
        with self._changing(code) as (connection, writer):
            entries = add_scores(connection, code, changes, action, writer)
        return entries[-1].time

    def consensus(self, code: str) -> frozenset[Cell]:
        """Return the cells whose score the adjudicator stated as agreed in a consensus, while it stands.

        Raises:
            UnknownCaseError: There is no such case.
        """
        self._require(code)
        if not self.is_adjudication:
            return frozenset()
        with self._store.read() as connection:
            return load_consensus(connection, code)

    def _validate(self, code: str, cell: Cell, score: Score | None) -> None:
        self._require_letter(code, cell.timepoint)
        if score is None:
            self.form.item(cell)
        else:
            self.form.validate(cell, score)

    def case_opened(self, code: str) -> None:
        """Tell the audit trail that the reader looks at a case."""
        self._tell("case.opened", code)

    def case_closed(self, code: str) -> None:
        """Tell the audit trail that the reader went on; a reason given for changes is used no more."""
        self._tell("case.closed", code)
        self._reasons.pop(code, None)

    def _tell(self, action: str, code: str) -> None:
        self._require(code)
        with self._store.write() as connection:
            audit.append(connection, Event(action, self.reader, "reader", code), clock=self._clock)

    # How the reader left the window

    def remember(self, key: str, value: str) -> None:
        """Keep how a case was looked at, e.g. key ``"K7Q2M/window"``; of a signed case nothing is kept."""
        code = key.partition("/")[0]
        with self._store.write() as connection:
            if not reopening.case_state(connection, code).signed:
                row = upsert(schema.view_memory).values(key=key, value=value)
                connection.execute(row.on_conflict_do_update(index_elements=["key"], set_={"value": value}))

    def recall(self, key: str) -> str | None:
        """Return what was kept under *key*, or None."""
        with self._store.read() as connection:
            query = select(schema.view_memory.c.value).where(schema.view_memory.c.key == key)
            return connection.execute(query).scalar()

    # Signing

    def evidence_gaps(self, code: str) -> tuple[Gap, ...]:
        """Return the scores that lack marks and have no reason instead; none in rounds that ask for none.

        Raises:
            UnknownCaseError: There is no such case.
        """
        self._require(code)
        with self._store.read() as connection:
            return self._gaps(connection, code)

    def _gaps(self, connection: Connection, code: str) -> tuple[Gap, ...]:
        if self.rules.evidence == "off":
            return ()
        sheet, marks = load_sheet(connection, code), load_marks(connection, code)
        explained = OVERRIDES.load(connection, code)
        gaps = evidence_gaps(self.form, sheet, marks, self.rules)
        return tuple(gap for gap in gaps if gap.cell not in explained)

    def has_password(self) -> bool:
        """Whether a first signature has set this reading's password."""
        with self._store.read() as connection:
            return signing.stored_password(connection) is not None

    def sign(self, code: str, password: str, name: str | None = None) -> Signature:
        """Sign a complete case and lock it. Never call it inside :meth:`transaction`.

        Takes half a second; the first time since opening up to 0.1 ms more for every row of the trail, as
        the whole trail is checked then, and later only what is new.

        Args:
            code: The case.
            password: The first signature sets it, later ones must match.
            name: The name to print; by default the reader's.

        Raises:
            UnknownCaseError, CaseSignedError: There is nothing to sign.
            IncompleteCaseError: Cells are empty; it names them.
            MissingEvidenceError: The round requires marks that are not there, and no reason stands for them.
            TamperedError, DamagedStoreError: Rows or pictures are not as they were written.
            PasswordTooShortError, WrongPasswordError, PasswordDelayError: The password was not taken.
        """
        self._require(code)
        with self._store.read() as connection:
            self._require_untouched(connection, code)
            self._require_ready(connection, code)
        new_password = self._check_password(code, password)
        self.verify_case(code)
        with self._store.write() as connection:
            self._require_ready(connection, code)  # another thread may have changed a score meanwhile
            return signing.add_signature(
                connection, code, self.form, self.rules, name or self.reader, new_password, self._clock
            )

    def _require_untouched(self, connection: Connection, code: str) -> None:
        """Check the rows of a case and what came after the last such check; the first one looks at all.

        The newest row that was checked is remembered here and not read from the file, whose owner could
        have changed it.

        Raises:
            TamperedError: Rows are not as they were written.
        """
        findings = trail_findings(connection, self.form, self.rules, Part(self._checked, code))
        if findings:
            raise TamperedError(self._store.path, findings)
        self._checked = audit.head(connection)

    def _require_ready(self, connection: Connection, code: str) -> None:
        if reopening.case_state(connection, code).signed:
            raise CaseSignedError(code)
        missing = missing_cells(self.form, load_sheet(connection, code), self._letters(code))
        if missing:
            raise IncompleteCaseError(code, missing)
        if self.rules.evidence == "required":
            gaps = self._gaps(connection, code)
            if gaps:
                raise MissingEvidenceError(code, [gap.cell for gap in gaps])

    def _check_password(self, code: str, password: str) -> str | None:
        """Return the hash to store when this password is the first, else None when it fits."""
        with self._store.read() as connection:
            stored = signing.stored_password(connection)
            if stored is not None:
                signing.refuse_hasty_attempt(connection, self._clock.utc())
        if stored is None:
            return passwords.hash_password(password)
        if not passwords.fits(stored, password):
            with self._store.write() as connection:
                signing.add_failed_attempt(connection, code, self.reader, self._clock)
            raise WrongPasswordError
        return None

    # Reopening

    def request_reopening(self, code: str, reason: str) -> ReopenRequest:
        """Ask the coordinator for a signed case; the request travels with the reading.

        Raises:
            UnknownCaseError: There is no such case.
            CaseNotSignedError: The case is open as it is.
            ReasonNeededError: The reason is empty.
        """
        self._require(code)
        words = reason_words(code, reason)
        with self._store.write() as connection:
            receipt = reopening.receipt_in_force(connection, code)
            if receipt is None:
                raise CaseNotSignedError(code)
            return reopening.add_request(connection, code, receipt, words, Writer(self.reader, self._clock))

    def reopen_requests(self) -> tuple[ReopenRequest, ...]:
        """Return every request, answered or not, the oldest first."""
        with self._store.read() as connection:
            return reopening.load_requests(connection)

    def reopen(self, grant: Grant) -> None:
        """Lift the signature that *grant* names: the case can be changed, with reasons, and signed again.

        Raises:
            UnknownCaseError: The grant is for another reading.
            CaseNotSignedError: The case is open as it is.
            WrongGrantError: The case was signed again since, or the grant was used before.
        """
        self._require(grant.case)
        with self._store.write() as connection:
            receipt = reopening.receipt_in_force(connection, grant.case)
            if receipt is None:
                raise CaseNotSignedError(grant.case)
            used = {one.grant for one in reopening.load_reopenings(connection, grant.case)}
            if receipt != grant.receipt or grant.grant in used:
                raise WrongGrantError(grant.case)
            reopening.add_reopening(connection, grant, Writer(self.reader, self._clock))

    def take_refusal(self, refusal: Refusal) -> None:
        """Keep why the coordinator lets a case stay signed; the same answer twice is one.

        Raises:
            UnknownCaseError: The refusal is for another reading.
            CaseNotSignedError: The case is open as it is.
            OldRefusalError: The case was signed again since.
        """
        self._require(refusal.case)
        with self._store.write() as connection:
            receipt = reopening.receipt_in_force(connection, refusal.case)
            if receipt is None:
                raise CaseNotSignedError(refusal.case)
            if receipt != refusal.receipt:
                raise OldRefusalError(refusal.case)
            if reopening.load_answers(connection).get(refusal.case) != refusal.reason:
                reopening.add_refusal(connection, refusal, Writer(self.reader, self._clock))

    def reopening_answers(self) -> dict[str, str | None]:
        """Return the signed cases that were asked for: why it was refused, or None while the answer waits."""
        with self._store.read() as connection:
            return reopening.load_answers(connection)

    # What goes back

    def signatures(self) -> tuple[Signature, ...]:
        """Return every signature, lifted ones too, in the order of signing; nothing of them is checked."""
        with self._store.read() as connection:
            return tuple(signature for signature, _ in signing.load_signatures(connection))

    def receipts(self) -> tuple[Receipt, ...]:
        """Return the receipt of every signature, in the order of signing."""
        with self._store.read() as connection:
            return tuple(receipt for _, receipt in signing.load_signatures(connection))

    def signed_cases(self) -> tuple[SignedCase, ...]:
        """Return all that goes back to the coordinator: the signatures in force in the order of signing.

        :meth:`verify` first.
        """
        with self._store.read() as connection:
            return tuple(
                self._signed_case(connection, signature, receipt)
                for signature, receipt in signing.load_signatures(connection)
                if reopening.receipt_in_force(connection, signature.case_code) == receipt.hash
            )

    def _signed_case(self, connection: Connection, signature: Signature, receipt: Receipt) -> SignedCase:
        code = signature.case_code
        sealed = signing.sealed(connection, self.form, self.rules, signature)
        return SignedCase(
            code,
            self._sides[code],
            self._letters(code),
            signature,
            receipt,
            sealed.sheet,
            sealed.digests,
            audit.entries(connection, AUDIT.c.case_code == code),
            sealed.annotations,
            reopening.load_reopenings(connection, code),
        )

    # Checks

    def verify_case(self, code: str, checkpoint: Checkpoint | None = None) -> None:
        """Check the digest of every picture of a case; do so once when it opens.

        Args:
            code: The case.
            checkpoint: Called with (pictures done, pictures in all).

        Raises:
            DamagedStoreError: A picture is missing or not the one that was prepared.
        """
        images = [image for timepoint in self.case(code).timepoints for image in timepoint.images]
        stored = [image.array for image in images if image.array is not None]
        for done, array in enumerate(stored):
            if checkpoint is not None:
                checkpoint(done, len(stored))
            path = arrays.array_path(self._volumes, array)
            if not path.is_file() or arrays.digest_of(path) != array.sha256:
                raise DamagedStoreError(path, "this picture is missing or not the one that was prepared")
        if checkpoint is not None:
            checkpoint(len(stored), len(stored))

    def verify(self, checkpoint: Checkpoint | None = None, *, pictures: bool = True) -> list[str]:
        """Return what is wrong with the whole reading in plain words; nothing when all is well.

        Args:
            checkpoint: Called with (cases done, cases in all) while the pictures are checked.
            pictures: Whether the files of the pictures are looked at; a result travels without them.
        """
        with self._store.read() as connection:
            findings = [*database_findings(connection), *trail_findings(connection, self.form, self.rules)]
        if not pictures:
            return findings
        for done, code in enumerate(self._sides):
            if checkpoint is not None:
                checkpoint(done, len(self._sides))
            try:
                self.verify_case(code)
            except DamagedStoreError as error:
                findings.append(f"Case {code}: {error}")
        if checkpoint is not None:
            checkpoint(len(self._sides), len(self._sides))
        return findings

    def audit_entries(self) -> tuple[Entry, ...]:
        """Return the whole audit trail, from the first row."""
        with self._store.read() as connection:
            return audit.entries(connection)

    def audit_head(self) -> Head:
        """Return the newest row of the audit trail."""
        with self._store.read() as connection:
            return audit.head(connection)
