"""Who is to arrange an education, by how many departments it is for (R29, R30). Pure.

The plan says both that VPC is a part of the arranging when more than one department is to be educated, and
that VPC holds what more than two carry out. Read together: one, the committee itself; two, VPC with it; from
three, VPC. Both limits are settings, since the plan never says it outright.
"""

from elearn.content.activities import Organiser


def organiser(department_count: int, joins_from: int, leads_from: int) -> Organiser:
    """Who is to arrange what is for so many departments."""
    if department_count >= leads_from:
        return Organiser.VPC
    return Organiser.TOGETHER if department_count >= joins_from else Organiser.COMMITTEE
