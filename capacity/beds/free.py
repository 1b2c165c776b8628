"""What of the beds that were counted free can still be promised. Pure: no Django, no clock.

The pool's row repeats `promisable` in SQL (docs/adr/0005); whoever sums reports for a screen asks here.
"""


def promisable(counted: int, *, moved: int, held: int, is_stopped: bool = False) -> int:
    """Beds free now.

    Parameters
    ----------
    counted : int
        Free beds at the measuring moment; negative is overfull.
    moved : int
        Transfers that left minus those that arrived since.
    held : int
        Beds promised to requests.
    is_stopped : bool
        The site takes nobody at this level: nothing can be promised, an overfull level stays so.
    """
    free = counted + moved - held
    return min(free, 0) if is_stopped else free


def of_cohort(counted: int, free: int, *, moved: int, held: int) -> int:
    """Of `free`, those in the cohort, where `counted` were free at the measuring moment.

    Holds are not kept by label; nearly all are for the cohort, so there they are subtracted. Never more
    than the level has: patients without the disease who lie beyond their own beds lie in these.
    """
    return min(promisable(counted, moved=moved, held=held), free)
