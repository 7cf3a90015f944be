"""The figures of a run as a page of Markdown."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from statistics import median
from typing import Any


@dataclass
class Results:
    """What was measured, by the number of organisations."""

    machine: str
    load: float = 0
    facts: dict[int, dict[str, int]] = field(default_factory=dict)
    queries: dict[int, dict[str, dict[str, int]]] = field(default_factory=dict)
    rounds: dict[int, list[dict[str, dict[str, float]]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    exports: dict[int, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    memory: dict[int, dict[str, float]] = field(default_factory=dict)

    def seconds(self, size: int, page: str, variant: str) -> float:
        return median(one[page][variant] for one in self.rounds[size])

    def ratio(self, size: int, page: str, variant: str, against: str) -> float:
        """The median of the ratios of each round: what slowed a round slowed both halves."""
        return median(one[page][variant] / one[page][against] for one in self.rounds[size])

    def growth(self, small: int, large: int, page: str, variant: str) -> float:
        """The median of large over small, of rounds taken one after the other."""
        pairs = zip(self.rounds[small], self.rounds[large], strict=True)
        return median(b[page][variant] / a[page][variant] for a, b in pairs)


def table(headings: list[str], rows: list[list[str]]) -> list[str]:
    return [
        "| " + " | ".join(headings) + " |",
        "|" + "|".join("---" if place == 0 else "---:" for place in range(len(headings))) + "|",
        *("| " + " | ".join(row) + " |" for row in rows),
        "",
    ]


def markdown(results: Results) -> str:
    sizes = sorted(results.rounds)
    small, large = sizes[0], sizes[-1]
    lines = [
        "# Benchmarks",
        "",
        "`make bench` writes this page (`make bench ARGS=--write`). Each page is asked for through "
        "Django's test client, signed in, in one process; “bare” is the same rows in a bare Django "
        "view without facets, counts or shell (`benchmarks/bare.py`); “SQL” is that view's "
        "statements through a cursor. All are asked for in turn, round after round, at every size; "
        "a figure is the median of the rounds' ratios. “Cold” counts every facet anew, as the "
        "first reader after a change finds it; “warm” finds the counts kept.",
        "",
        f"{datetime.now(UTC):%Y-%m-%d}, {results.machine}, {len(results.rounds[large])} rounds, "
        f"load average at the end {results.load:.1f} "
        "(where it exceeds the cores, other work shared the machine).",
        "",
        *table(
            ["", "organisations", "people", "meetings"],
            [[f"{size:,}", *(f"{n:,}" for n in results.facts[size].values())] for size in sizes],
        ),
    ]
    for size in sizes:
        lines += [f"## Pages at {size:,} organisations", ""]
        rows = [
            [
                page,
                f"{results.ratio(size, page, 'warm', 'bare'):.2f}",
                f"{results.ratio(size, page, 'cold', 'bare'):.2f}",
                f"{results.ratio(size, page, 'warm', 'sql'):.1f}",
                f"{results.ratio(size, page, 'bare', 'sql'):.1f}",
                str(counts["warm"]),
                str(counts["cold"]),
                str(counts["bare"]),
            ]
            for page, counts in results.queries[size].items()
        ]
        lines += table(
            [
                "page",
                "warm / bare",
                "cold / bare",
                "warm / SQL",
                "bare / SQL",
                "queries warm",
                "cold",
                "bare",
            ],
            rows,
        )
    if small != large:
        lines += [f"## Growth from {small:,} to {large:,} organisations", ""]
        lines += table(
            ["page", "warm", "cold", "bare", "SQL"],
            [
                [
                    page,
                    *(
                        f"{results.growth(small, large, page, variant):.2f}"
                        for variant in ("warm", "cold", "bare", "sql")
                    ),
                ]
                for page in results.queries[large]
                if page in results.queries[small]
            ],
        )
    lines += [*exports(results, sizes)]
    return "\n".join(lines)


def exports(results: Results, sizes: list[int]) -> list[str]:
    """The part on CSV."""
    rows = []
    for size in sizes:
        runs = results.exports[size]
        rate = [median(one[name][0] for one in runs) for name in ("product", "bare")]
        own = [median(one[name][1] for one in runs) for name in ("product", "bare")]
        ratio = median(one["product"][0] / one["bare"][0] for one in runs)
        rows.append([f"{size:,}", *(f"{n:,.0f}" for n in (*rate, *own)), f"{ratio:.2f}"])
    half, whole = results.memory[sizes[-1]].items()
    return [
        "## The contact list as CSV",
        "",
        "Rows in a second, written to a temporary file: the product (guarded against formulas, "
        "labelled in the reader's language) beside `csv.writer` over a bare cursor. “Own time” "
        "counts only the seconds that the process itself ran.",
        "",
        *table(
            [
                "organisations",
                "product rows/s",
                "bare rows/s",
                "product, own time",
                "bare, own time",
                "product / bare",
            ],
            rows,
        ),
        f"Peak memory of the process: {half[1]:.0f} MB after {int(half[0]):,} rows, "
        f"{whole[1]:.0f} MB after {int(whole[0]):,}.",
        "",
    ]
