"""Questions that every page asks, put together once a process instead of once a request.

Django builds a statement anew each time it is asked, and for small questions that takes several times as long as the
database takes to answer. A `Prepared` question is written with the ORM like any other, as a function that makes the
query set; what differs from asking to asking is `Given` by name. Measured: 0.45 ms with the ORM, 0.2 ms prepared.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import CharField, Expression, Field, Model, Q, QuerySet

from handrail.gate.categories import NAME
from handrail.gate.opening import opening
from handrail.gate.records import Record, RecordBetweenTwo

NOBODY = ""  # an id that nobody has
WITH_ANYTHING = frozenset({NAME})  # whoever may see anything of somebody may see this

Row = TypeVar("Row", bound=Model)
OneRecord = TypeVar("OneRecord", bound=Record)


class Given(Expression):
    """Holds the place of a value that comes with each asking, as text or as `field` has it."""

    def __init__(self, name: str, field: "Field[Any, Any] | None" = None) -> None:
        super().__init__(output_field=field or CharField())
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", [self]


class GivenList(Expression):
    """Several of them, for `IN`: a plain list would be taken for values and written into the statement."""

    def __init__(self, given: Sequence[Given]) -> None:
        super().__init__(output_field=CharField())
        self.given = given

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return f"({', '.join(['%s'] * len(self.given))})", list(self.given)


@dataclass(frozen=True, slots=True)
class _Statement:
    """What Django made of the query set: the same parts that its own `ModelIterable` works with."""

    sql: str
    holes: tuple[Any, ...]
    model: type[Model]
    columns: slice
    names: list[str]
    annotations: dict[str, int]
    converters: list[tuple[int, list[Callable[..., Any]], Any]]
    related: list["_Related"]  # what `select_related` brings along


@dataclass(frozen=True, slots=True)
class _Related:
    """One row that comes along with another, or does not."""

    model: type[Model]
    columns: slice
    names: list[str]
    key: str
    give_to: Callable[[Any, Any], None]


class Prepared(Generic[Row]):
    """`PLACES = Prepared(lambda: Place.objects.filter(owner_id=Given("owner")))`, and then `PLACES.rows(owner=...)`."""

    def __init__(self, build: Callable[[], "QuerySet[Row]"]) -> None:
        self._build = build
        self._made: _Statement | None = None

    def rows(self, **given: Any) -> list[Row]:
        """The rows as the query set would yield them, annotations included; everything that is `Given` has a value."""
        made = self._made
        if made is None:
            made = _put_together(self._build())
            if issubclass(made.model, Record):
                raise TypeError("a question about records is a PreparedRecords")
            self._made = made
        return _ask(made, given)

    def first(self, **given: Any) -> Row | None:
        return next(iter(self.rows(**given)), None)


class PreparedAmong(Generic[Row]):
    """A question about several ids at once: `PreparedAmong(lambda ids: Place.objects.filter(owner_id__in=ids))`.

    There is one statement for one id, one for two, for up to four, eight, ...
    """

    def __init__(self, build: Callable[[GivenList], "QuerySet[Row]"]) -> None:
        self._build = build
        self._made: dict[int, Prepared[Row]] = {}

    def rows(self, ids: Iterable[str], **given: Any) -> list[Row]:
        holes = _holes("id", ids)
        if not holes:
            return []
        made = self._made.get(len(holes))
        if made is None:
            made = self._made[len(holes)] = Prepared(lambda: self._build(GivenList([Given(name) for name in holes])))
        return made.rows(**given, **holes)


OpenRows = Callable[[type[Record]], "QuerySet[Any]"]


class PreparedRecords(Generic[OneRecord]):
    """A question about the records that the gate has open; wall two is part of it.

    `PreparedRecords(Visit, lambda rows: rows(Visit).order_by("at"))`: the function gets the open rows of each model in
    the question from `rows`, never from a manager. What a manager knows is the opening of this moment, which must not
    stay in the statement. There is one statement for one owner, one for two, for up to four, eight, ...
    """

    def __init__(self, model: type[OneRecord], build: Callable[[OpenRows], "QuerySet[OneRecord]"]) -> None:
        self._model, self._build = model, build
        self._made: dict[tuple[str, ...], _Statement] = {}

    def rows(self, **given: Any) -> list[OneRecord]:
        """As the model's manager would yield them now; none where nothing of this kind is open."""
        ids = _open_ids(self._model)
        if not ids:
            return []
        made = self._made.get(tuple(ids)) or self._put_together(ids)
        return _ask(made, {**given, **ids})

    def first(self, **given: Any) -> OneRecord | None:
        return next(iter(self.rows(**given)), None)

    def _put_together(self, ids: dict[str, str]) -> _Statement:
        def rows(model: type[Record]) -> "QuerySet[Any]":
            open_rows: QuerySet[Any] = QuerySet(model)
            if model.shared_as == WITH_ANYTHING and not issubclass(self._model, RecordBetweenTwo):
                return open_rows.filter(owner_id__in=_among("owner", ids))
            if _kind(model) == _kind(self._model):
                return open_rows.filter(_is_open(model, ids))
            if issubclass(self._model, RecordBetweenTwo) and model.shared_as is None:
                return open_rows.filter(owner_id__in=_among("whole", ids))  # the owner's alone, beside what two keep
            raise TypeError(f"{model.__name__} opens to others than {self._model.__name__} does")

        made = _put_together(self._build(rows))
        if made.model is not self._model or not ids.keys() <= {_name(hole) for hole in made.holes}:
            raise TypeError("a question about records begins with rows(Model)")
        if any(hole in opening().allowed for hole in made.holes if isinstance(hole, str)):
            raise TypeError("this question would keep its first owner: it begins with rows(Model), not with a manager")
        self._made[tuple(ids)] = made
        return made


def _open_ids(model: type[Record]) -> dict[str, str]:
    """What wall two lets through now, by the names of the holes in the statement; empty where nothing is open."""
    here = opening()
    if not issubclass(model, RecordBetweenTwo):
        return _holes("owner", here.owners_of(model.shared_as))
    whole, places = here.owners_of(None), here.places()
    if not whole and not places:
        return {}
    places_of = {**_holes("owner", here.allowed), **_holes("place", places or [NOBODY])}
    return {**_holes("whole", whole or [NOBODY]), **places_of}


def _is_open(model: type[Record], names: Iterable[str]) -> Q:
    """The condition of `RecordManager`, with holes for ids."""
    if not issubclass(model, RecordBetweenTwo):
        return Q(owner_id__in=_among("owner", names))
    return Q(owner_id__in=_among("whole", names)) | Q(
        owner_id__in=_among("owner", names), membership_id__in=_among("place", names)
    )


def _among(kind: str, names: Iterable[str]) -> GivenList:
    return GivenList([Given(name) for name in names if name.startswith(kind)])


def _holes(kind: str, ids: Iterable[str]) -> dict[str, str]:
    """One hole for one id, two for two, four for up to four, ...: the last id fills what is left."""
    ids = list(ids)
    room = 1 << (len(ids) - 1).bit_length() if ids else 0
    return {f"{kind}{i}": ids[min(i, len(ids) - 1)] for i in range(room)}


def _kind(model: type[Record]) -> object:
    return RecordBetweenTwo if issubclass(model, RecordBetweenTwo) else model.shared_as


def _name(hole: Any) -> str | None:
    return hole.name if isinstance(hole, Given) else None


def _put_together(asked: "QuerySet[Any]") -> _Statement:
    compiler: Any = asked.query.get_compiler(connection=_database())
    sql, holes = compiler.as_sql()
    fields = compiler.klass_info["select_fields"]
    columns = slice(fields[0], fields[-1] + 1)
    return _Statement(
        sql=sql,
        holes=tuple(holes),
        model=asked.model,
        columns=columns,
        names=[column[0].target.attname for column in compiler.select[columns]],
        annotations=compiler.annotation_col_map,
        converters=[(i, *how) for i, how in compiler.get_converters([c[0] for c in compiler.select]).items()],
        related=[_related(compiler, info) for info in compiler.klass_info.get("related_klass_infos", [])],
    )


def _related(compiler: Any, info: dict[str, Any]) -> _Related:
    columns = slice(info["select_fields"][0], info["select_fields"][-1] + 1)
    names = [column[0].target.attname for column in compiler.select[columns]]
    key = info["model"]._meta.pk.attname
    return _Related(info["model"], columns, names, key, lambda other, row: info["local_setter"](row, other))


def _ask(made: _Statement, given: dict[str, Any]) -> list[Any]:
    database = _database()
    values = [_filled(hole, given, database) if isinstance(hole, Given) else hole for hole in made.holes]
    with database.cursor() as cursor:
        cursor.execute(made.sql, values)
        return [_row(made, list(found), database) for found in cursor.fetchall()]


def _database() -> Any:
    """The connection itself: through Django's proxy, every name that is read costs a search of its own."""
    return connections[DEFAULT_DB_ALIAS]


def _filled(hole: Given, given: dict[str, Any], database: Any) -> Any:
    return hole.output_field.get_db_prep_value(given[hole.name], database)


def _row(made: _Statement, found: list[Any], database: Any) -> Any:
    for i, convert, expression in made.converters:
        for one in convert:
            found[i] = one(found[i], expression, database)
    row = made.model.from_db(database.alias, made.names, found[made.columns])
    for other in made.related:
        there = found[other.columns]
        is_there = there[other.names.index(other.key)] is not None
        other.give_to(other.model.from_db(database.alias, other.names, there) if is_there else None, row)
    for name, i in made.annotations.items():
        setattr(row, name, found[i])
    return row
