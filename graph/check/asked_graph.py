"""An rdflib graph that has its queries answered by a store with the same triples, in a tenth of the time."""

from __future__ import annotations

from collections.abc import Mapping

import pyoxigraph as ox
import rdflib
from pyoxigraph import BlankNode, NamedNode, QuerySolutions, Store, Variable
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.query import Result
from rdflib.term import Identifier, Node

Bindings = Mapping[str, Node] | None


class AskedGraph(Graph):
    """What pySHACL reads; the queries of the shapes, which it asks of its data, go to the store."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._same = store

    def query(self, query_object: object, *_: object, initBindings: Bindings = None, **__: object) -> Result:  # noqa: N803
        """The solutions of a SELECT, each variable of ``initBindings`` standing for its value."""
        values: dict[Variable, NamedNode | BlankNode | ox.Literal | ox.Triple] = {
            Variable(name): _in_store(term) for name, term in (initBindings or {}).items()
        }
        solutions = self._same.query(str(query_object), substitutions=values)
        if not isinstance(solutions, QuerySolutions):
            raise TypeError("the query of a shape is a SELECT")
        answer = Result("SELECT")
        answer.vars = [rdflib.Variable(variable.value) for variable in solutions.variables]
        answer.bindings = [
            {name: _in_rdflib(term) for name, term in zip(answer.vars, solution, strict=True) if term is not None}
            for solution in solutions
        ]
        return answer


def _in_store(term: Node) -> NamedNode | BlankNode | ox.Literal:
    if isinstance(term, Literal):
        datatype = None if term.datatype is None else NamedNode(term.datatype)
        return ox.Literal(str(term), datatype=datatype, language=term.language)
    return BlankNode(str(term)) if isinstance(term, BNode) else NamedNode(str(term))


def _in_rdflib(term: object) -> Identifier:
    if isinstance(term, NamedNode):
        return URIRef(term.value)
    if isinstance(term, BlankNode):
        return BNode(term.value)
    if isinstance(term, ox.Literal):
        return Literal(term.value, lang=term.language, datatype=None if term.language else URIRef(term.datatype.value))
    raise TypeError(f"a shape's query gave {term}, which RDF 1.1 does not have")
