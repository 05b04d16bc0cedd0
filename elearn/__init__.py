"""elearn: base training for every municipal employee, and the honest measure of how far it has come.

The rooms, from the bottom: ``content`` (what is taught: Markdown in, immutable objects out) and ``people``
(who they are) do not know each other; ``training`` (who must, who has done) joins them; ``reports`` (what the
municipality knows) counts; ``web`` (how it is shown) is the only room with HTTP in it. ``app`` and ``cli``
join everything. See docs/architecture.md.
"""
