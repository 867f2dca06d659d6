"""Dougong 斗拱: the public names.

A plugin imports from here, from ``dougong.views`` (what pages are made of) and, in its tests, from ``dougong.testing``;
everything else may change without notice. Names are resolved when they are first used, so that importing one low
module does not load the whole platform.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .access.people import Person
    from .access.roles import Permission, RoleDefault
    from .choices import Choice
    from .cli.base import Command, Failed, as_json, of_tenant, option, show, warn
    from .cli.place import Place
    from .errors import BadRequest, Conflict, FieldError, Forbidden, Invalid, NotFound, Problem, TooMany, refuse
    from .hookspecs import hookimpl
    from .instant import now
    from .mail import domain_of, mail_sender, send_mail
    from .migrations.data import each_company
    from .outside import Answer, Unreachable, check_outside, post_outside
    from .plugins.checkup import Checkup, Finding
    from .plugins.manifest import Manifest
    from .records.approval_steps import approval_of
    from .records.approval_tables import Approval
    from .records.approvals import Level
    from .records.attachments import File
    from .records.bulk_write import Importable, ImportRow, change_many, check_many, create_many, log_many, make_many
    from .records.chains import chain_of
    from .records.clocks import Clock, ClockMemory, Step, Term, act, clock_memory, escalate, overdue, remind
    from .records.commanding import CommandLine, forget_lines
    from .records.comments import Comment
    from .records.company import extend_vocabulary, found_site
    from .records.context import Context
    from .records.duty import Duty, on_duty
    from .records.events import Channel, Event, Herald, Letter, Matter, MatterKind, NotSent, headline, persons
    from .records.fields import Day, Email, Fen, Line, Moment, Phone, Prose, Whole, field, recorded, ref
    from .records.figures import Question, households
    from .records.followups import FollowUp, Source, Telling, Trigger
    from .records.giving import end_role, give_role, may_give_role
    from .records.history import editors
    from .records.joining import numbered
    from .records.listening import Listener
    from .records.media import Upload
    from .records.models import Form, asked, validate
    from .records.on_hand import HandedOver, OpenItems, OpenRecord, hand_over, open_items
    from .records.papers import Paper
    from .records.periods import PERIODS, period_days
    from .records.personal import (
        Findings,
        Hit,
        Kept,
        LegalHold,
        Opening,
        PersonalStore,
        accounts,
        delete_record,
        ended,
        erase_record,
        field_labels,
        find_person,
        fits_person,
        forget_files,
        hold_of,
        hold_record,
        openings,
        personal_values,
        release_record,
    )
    from .records.record import Bulk, Child, Extension, Record
    from .records.reporting import Grouping, Measure, Reader, Report
    from .records.residents import Progress, ResidentForm, ResidentStep, Told
    from .records.resource import Board, Deadline, Me, Resource, Tab, everybody
    from .records.retention import Retention
    from .records.savedviews import views_of
    from .records.sections import Section, SectionContent, SectionFigure
    from .records.shutting import shut_account
    from .records.visibility import record_sites
    from .records.workflow import Transition, Workflow, guard
    from .scheduling.jobs import Job, JobContext
    from .tenancy.statements import insert_rows
    from .tenancy.stored import Identified, Stored, new_id, reference
    from .tenancy.tables import Location, Site
    from .timing.rules import Rule
    from .timing.schedules import Schedule
    from .timing.tables import Occurrence
    from .web.cells_out import Speaker
    from .web.details import record_page
    from .web.display import stamp, time_left
    from .web.interchange import FieldSet, field_set, harmless, list_columns, seen, vocabulary, walk
    from .web.model_inputs import form_body, form_inputs
    from .web.openapi_parts import described
    from .web.pages import page
    from .web.progressing import work_progress
    from .web.refusing import with_problem
    from .web.repeating import once
    from .web.reporting import FigureGroup, Figures, figures, figures_within, reports_of
    from .web.requests import Asked, write
    from .web.routing import PageRoute
    from .web.sections import report_section
    from .web.shapes import Shape
    from .web.telling import told
    from .web.themes import Theme
    from .web.widgets import staff
    from .words import Lazy, plural, speaking, translator

_HOMES = {
    ".access.people": "Person",
    ".access.roles": "Permission RoleDefault",
    ".choices": "Choice",
    ".cli.base": "Command Failed as_json of_tenant option show warn",
    ".cli.place": "Place",
    ".errors": "BadRequest Conflict FieldError Forbidden Invalid NotFound Problem TooMany refuse",
    ".hookspecs": "hookimpl",
    ".instant": "now",
    ".mail": "domain_of mail_sender send_mail",
    ".migrations.data": "each_company",
    ".outside": "Answer Unreachable check_outside post_outside",
    ".plugins.checkup": "Checkup Finding",
    ".plugins.manifest": "Manifest",
    ".records.bulk_write": "ImportRow Importable change_many check_many create_many log_many make_many",
    ".records.approval_tables": "Approval",
    ".records.approval_steps": "approval_of",
    ".records.approvals": "Level",
    ".records.attachments": "File",
    ".records.chains": "chain_of",
    ".records.clocks": "Clock ClockMemory Step Term act clock_memory escalate overdue remind",
    ".records.comments": "Comment",
    ".records.commanding": "CommandLine forget_lines",
    ".records.giving": "end_role give_role may_give_role",
    ".records.company": "extend_vocabulary found_site",
    ".records.context": "Context",
    ".records.duty": "Duty on_duty",
    ".records.events": "Channel Event Herald Letter Matter MatterKind NotSent headline persons",
    ".records.history": "editors",
    ".records.joining": "numbered",
    ".records.listening": "Listener",
    ".records.fields": "Day Email Fen Line Moment Phone Prose Whole field recorded ref",
    ".records.figures": "Question households",
    ".records.followups": "FollowUp Source Telling Trigger",
    ".records.media": "Upload",
    ".records.models": "Form asked validate",
    ".records.on_hand": "HandedOver OpenItems OpenRecord hand_over open_items",
    ".records.papers": "Paper",
    ".records.periods": "PERIODS period_days",
    ".records.personal": (
        "Findings Hit Kept LegalHold Opening PersonalStore accounts delete_record ended erase_record field_labels find_person"
        " fits_person forget_files hold_of hold_record openings personal_values release_record"
    ),
    ".records.record": "Bulk Child Extension Record",
    ".records.residents": "Progress ResidentForm ResidentStep Told",
    ".records.reporting": "Grouping Measure Reader Report",
    ".records.resource": "Board Deadline Me Resource Tab everybody",
    ".records.retention": "Retention",
    ".records.savedviews": "views_of",
    ".records.shutting": "shut_account",
    ".records.sections": "Section SectionContent SectionFigure",
    ".records.visibility": "record_sites",
    ".records.workflow": "Transition Workflow guard",
    ".scheduling.jobs": "Job JobContext",
    ".tenancy.statements": "insert_rows",
    ".tenancy.stored": "Identified Stored new_id reference",
    ".tenancy.tables": "Location Site",
    ".timing.rules": "Rule",
    ".timing.schedules": "Schedule",
    ".timing.tables": "Occurrence",
    ".web.cells_out": "Speaker",
    ".web.details": "record_page",
    ".web.display": "stamp time_left",
    ".web.interchange": "FieldSet field_set harmless list_columns seen vocabulary walk",
    ".web.model_inputs": "form_body form_inputs",
    ".web.openapi_parts": "described",
    ".web.pages": "page",
    ".web.progressing": "work_progress",
    ".web.refusing": "with_problem",
    ".web.repeating": "once",
    ".web.reporting": "FigureGroup Figures figures figures_within reports_of",
    ".web.requests": "Asked write",
    ".web.routing": "PageRoute",
    ".web.telling": "told",
    ".web.sections": "report_section",
    ".web.shapes": "Shape",
    ".web.themes": "Theme",
    ".web.widgets": "staff",
    ".words": "Lazy plural speaking translator",
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names.split()}

__all__ = [
    "PERIODS",
    "Answer",
    "Approval",
    "Asked",
    "BadRequest",
    "Board",
    "Bulk",
    "Channel",
    "Checkup",
    "Child",
    "Choice",
    "Clock",
    "ClockMemory",
    "Command",
    "CommandLine",
    "Comment",
    "Conflict",
    "Context",
    "Day",
    "Deadline",
    "Duty",
    "Email",
    "Event",
    "Extension",
    "Failed",
    "Fen",
    "FieldError",
    "FieldSet",
    "FigureGroup",
    "Figures",
    "File",
    "Finding",
    "Findings",
    "FollowUp",
    "Forbidden",
    "Form",
    "Grouping",
    "HandedOver",
    "Herald",
    "Hit",
    "Identified",
    "ImportRow",
    "Importable",
    "Invalid",
    "Job",
    "JobContext",
    "Kept",
    "Lazy",
    "LegalHold",
    "Letter",
    "Level",
    "Line",
    "Listener",
    "Location",
    "Manifest",
    "Matter",
    "MatterKind",
    "Me",
    "Measure",
    "Moment",
    "NotFound",
    "NotSent",
    "Occurrence",
    "OpenItems",
    "OpenRecord",
    "Opening",
    "PageRoute",
    "Paper",
    "Permission",
    "Person",
    "PersonalStore",
    "Phone",
    "Place",
    "Problem",
    "Progress",
    "Prose",
    "Question",
    "Reader",
    "Record",
    "Report",
    "ResidentForm",
    "ResidentStep",
    "Resource",
    "Retention",
    "RoleDefault",
    "Rule",
    "Schedule",
    "Section",
    "SectionContent",
    "SectionFigure",
    "Shape",
    "Site",
    "Source",
    "Speaker",
    "Step",
    "Stored",
    "Tab",
    "Telling",
    "Term",
    "Theme",
    "Told",
    "TooMany",
    "Transition",
    "Trigger",
    "Unreachable",
    "Upload",
    "Whole",
    "Workflow",
    "accounts",
    "act",
    "approval_of",
    "as_json",
    "asked",
    "chain_of",
    "change_many",
    "check_many",
    "check_outside",
    "clock_memory",
    "create_many",
    "delete_record",
    "described",
    "domain_of",
    "each_company",
    "editors",
    "end_role",
    "ended",
    "erase_record",
    "escalate",
    "everybody",
    "extend_vocabulary",
    "field",
    "field_labels",
    "field_set",
    "figures",
    "figures_within",
    "find_person",
    "fits_person",
    "forget_files",
    "forget_lines",
    "form_body",
    "form_inputs",
    "found_site",
    "give_role",
    "guard",
    "hand_over",
    "harmless",
    "headline",
    "hold_of",
    "hold_record",
    "hookimpl",
    "households",
    "insert_rows",
    "list_columns",
    "log_many",
    "mail_sender",
    "make_many",
    "may_give_role",
    "new_id",
    "now",
    "numbered",
    "of_tenant",
    "on_duty",
    "once",
    "open_items",
    "openings",
    "option",
    "overdue",
    "page",
    "period_days",
    "personal_values",
    "persons",
    "plural",
    "post_outside",
    "record_page",
    "record_sites",
    "recorded",
    "ref",
    "reference",
    "refuse",
    "release_record",
    "remind",
    "report_section",
    "reports_of",
    "seen",
    "send_mail",
    "show",
    "shut_account",
    "speaking",
    "staff",
    "stamp",
    "time_left",
    "told",
    "translator",
    "validate",
    "views_of",
    "vocabulary",
    "walk",
    "warn",
    "with_problem",
    "work_progress",
    "write",
]


def __getattr__(name: str) -> Any:
    try:
        module = _HOME_OF[name]
    except KeyError:
        raise AttributeError(f"dougong has no public name {name!r}") from None
    value = getattr(importlib.import_module(module, __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
