"""Programmes, targets, tasks and what is recorded of them. Facts only: states are derived."""

from dotpha.programmes.models.blockers import Blocker, BlockerStep
from dotpha.programmes.models.deadlines import Extension, PartExtension
from dotpha.programmes.models.ladder import LadderAnswer, Notice
from dotpha.programmes.models.parts import Assignment, PartReport
from dotpha.programmes.models.personal import PersonalLine, PersonalProgramme, PersonalStep
from dotpha.programmes.models.programmes import Membership, Programme, Target, TaskGroup
from dotpha.programmes.models.reports import Evidence, Product, ProductIssue, Report
from dotpha.programmes.models.tasks import Dependency, Occurrence, Step, Task

__all__ = [
    "Assignment",
    "Blocker",
    "BlockerStep",
    "Dependency",
    "Evidence",
    "Extension",
    "LadderAnswer",
    "Membership",
    "Notice",
    "Occurrence",
    "PartExtension",
    "PartReport",
    "PersonalLine",
    "PersonalProgramme",
    "PersonalStep",
    "Product",
    "ProductIssue",
    "Programme",
    "Report",
    "Step",
    "Target",
    "Task",
    "TaskGroup",
]
