"""One channel a file. A channel sends one letter and says what became of it; it raises nothing and keeps no state."""

from typing import Protocol

from handrail.delivery.letters import Letter, Result


class ChannelOut(Protocol):
    name: str
    connections: int  # letters at one time
    seconds: float  # how long one letter may take at most

    async def open(self) -> None: ...
    async def close(self) -> None: ...
    async def send(self, letter: Letter) -> Result: ...
