"""Exceptions and warnings: each message names what, which value, what is allowed, the fix."""


class CortexError(Exception):
    """Base of every error that cortex raises on purpose."""


class ParameterError(CortexError, ValueError):
    """A parameter is of the wrong type, unit or size, or contradicts another."""


class ConfigError(CortexError, ValueError):
    """A configuration does not fit the schema; the message lists every problem."""


class InstallationError(CortexError, ImportError):
    """Packages are missing, or another distribution's files lie among those of cortex."""


class TableError(CortexError, ValueError):
    """A table is truncated, damaged, of a foreign schema, or has no units."""


class SimulationError(CortexError, RuntimeError):
    """A simulation cannot be run as asked, or blew up while running."""


class ConvergenceError(CortexError, RuntimeError):
    """An iterative solver did not reach its tolerance.

    Parameters
    ----------
    message : str
        What did not converge, how far it came and what to try.
    partial : object
        The last iterate, in the type the solver would have returned.
    """

    def __init__(self, message: str, partial: object = None) -> None:
        super().__init__(message)
        self.partial = partial


class RegimeWarning(UserWarning):
    """A theory or a proxy is used outside the conditions it was derived for."""


class SweepError(CortexError, RuntimeError):
    """A sweep cannot go on, for a reason that is not one point's; finished points are safe."""
