"""Documents of a demo company (section 4 of the domain page), gone through their signatures by its own people at earlier moments.

One revision waits for co-signatures, one for its day, an obsolete one has copies that are not all back; some clauses have holes.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import Context

from . import copies, documents, readings
from .choices import ReadingState, Standing, State
from .records import Copy, Document, FormRecord, Reading, Revision
from .settings import DocumentSettings

X = Context[DocumentSettings]
Q, E, O = "9001:2015", "14001:2015", "45001:2018"  # noqa: E741
POSTS = ("quality", "hr", "finance", "property_director", "general_manager", "project_manager")


@dataclass(frozen=True)
class Plot:
    """One document: what it is, which clauses it answers, who reads it. ``above``: title of the one that a form belongs to."""

    title: str
    level: str
    text: str
    clauses: str
    owner: str = "quality"
    readers: str = ""
    department: str | None = None
    above: str = ""
    system: str = "QEO"


PLOTS = (
    Plot("管理手册", "handbook", "规定质量、环境、职业健康安全管理体系的范围、过程及其相互关系。",
         "QEO:4.1 4.3 4.4 5.1 5.3 6.1 Q:5.1.2 EO:6.1.1 QEO:7.1 7.5.1 10.1 10.3", "general_manager"),
    Plot("方针和目标", "handbook", "安全第一，业主至上，绿色运行，持续改进。", "QEO:5.2 6.2", "general_manager",
         "project_manager service_lead engineering_lead security_lead cleaning_lead"),
    Plot("文件控制程序", "procedure", "编制、会签、审核、批准、发放、收回、作废各环节的职责与要求。", "QEO:7.5.2 7.5.3",
         readers="project_manager service_lead engineering_lead security_lead cleaning_lead"),
    Plot("记录控制程序", "procedure", "记录的标识、贮存、保护、检索、保存期限和处置。", "QEO:7.5.3"),
    Plot("法规与合规性评价程序", "procedure", "收集适用法规，每季度更新清单，每年评价合规性。", "EO:6.1.3 9.1.2"),
    Plot("环境因素识别与评价程序", "procedure", "识别环境因素，评价重要性，确定控制措施。", "E:6.1.2 6.1.4"),
    Plot("危险源辨识与风险评价程序", "procedure", "辨识危险源，评价风险，按消除、替代、工程、管理、防护的次序控制。",
         "O:6.1.2 6.1.4 8.1.2"),
    Plot("人力资源与培训程序", "procedure", "岗位能力要求、招聘、培训计划及效果评价。", "QEO:7.2 7.3", "hr"),
    Plot("投诉与满意度程序", "procedure", "投诉的受理、处理、回访、关闭，以及满意度调查。", "Q:8.2.1 9.1.2", "service_lead",
         "service_agent service_lead"),
    Plot("不合格与纠正措施程序", "procedure", "不合格的处置、原因分析、措施、验证和效果评价。", "Q:8.7 QEO:10.2"),
    Plot("内部审核程序", "procedure", "年度审核方案、检查表、审核员独立性、不符合项跟踪。", "QEO:9.2"),
    Plot("管理评审程序", "procedure", "评审输入、会议、决议及其落实。", "QEO:9.3", "general_manager"),
    Plot("应急准备与响应程序", "procedure", "火灾、电梯困人、停水停电等预案与演练。", "EO:8.2", "property_director",
         "project_manager security_lead control_room"),
    Plot("消防控制室作业指导书", "instruction", "每班两人持证值守；报警确认、现场核实、处置、记录。", "O:8.2 QEO:8.1",
         "security_lead", "control_room security_lead", "ZX"),
    Plot("电梯困人处置作业指导书", "instruction", "接报五分钟内安抚，三十分钟内救援到场，禁止强行扒门。", "Q:8.5.1",
         "engineering_lead", "technician engineering_lead", "GC"),
    Plot("保洁作业指导书", "instruction", "道路、楼道、卫生间、垃圾分类的频次与标准。", "Q:8.5.1 E:8.1", "cleaning_lead",
         "cleaning_lead", "HJ"),
    Plot("宿舍管理作业指导书", "instruction", "入住登记、用电安全、卫生、访客和每周巡检。", "Q:8.5.1", "dormitory_keeper",
         "dormitory_keeper", "ZX"),
    Plot("投诉处理单", "form", "编号、投诉人、内容、处理、回访、关闭。", "Q:8.2.1", "service_lead", above="投诉与满意度程序"),
    Plot("巡查记录", "form", "时间、地点、项目、结果、巡查人、复核人。", "Q:8.6", above="记录控制程序"),
    Plot("不合格报告", "form", "事实、依据、原因、措施、验证。", "Q:8.7", above="不合格与纠正措施程序"),
    Plot("防火巡查表", "form", "部位、项目、读数、结果、巡查人、复核人。", "O:8.2", "security_lead", above="应急准备与响应程序"),
)  # fmt: skip


def _clauses(said: str) -> str:
    """``QE:7.2 7.3`` as one line a clause, of the standards that have it."""
    known, names, made = DocumentSettings().standards(), {"Q": Q, "E": E, "O": O}, []
    standards = ""
    for word in said.split():
        head, colon, clause = word.rpartition(":")
        standards = head if colon else standards
        made += [f"{names[one]} {clause}" for one in standards if clause in known[names[one]].clauses]
    return "\n".join(dict.fromkeys(made))


def _body(plot: Plot) -> str:
    return (
        f"# 1 目的\n{plot.text}\n# 2 适用范围\n适用于公司各部门及各项目。\n# 3 职责\n归口岗位负责本文件的编制、"
        "培训和检查；"
        "各项目经理负责在本项目执行，并按期上报执行情况。\n# 4 要求\n4.1 各岗位按本文件作业，保留记录。\n"
        "4.2 发现不符合的，当日登记并按《不合格与纠正措施程序》处理。\n4.3 本文件每年评审一次，必要时修订。\n"
        "# 5 记录\n按相应记录表单填写，保存三年。"
    )


class Scene:
    """The people of the company and how they take a document through its life."""

    def __init__(self, x: X) -> None:
        self.x, self.root = x, x.snapshot.sites.root

    def who(self, post: str, site: UUID | None = None) -> UUID:
        return self.x.who(post, site or self.root)[0].id

    def draft(self, d: Document, x: X, by: UUID, body: str, change: str, **fields: Any) -> Revision:
        x.as_person(by).take(d, documents.revise.name, change=change)
        mine = sa.select(Revision).where(Revision.document_id == d.id, Revision.status == State.DRAFT)
        r = x.session.scalars(mine).one()
        r.body = body
        for name, value in fields.items():
            setattr(r, name, value)
        x.session.flush()
        return r

    def sign(self, r: Revision, x: X, by: UUID, most: int = 12) -> None:
        """Submit, and have each whose turn it is agree, one after the other."""
        x.as_person(by).take(r, "release_submit")
        approving = x.registry.resources[Revision.kind].flow.approvals["release"]  # type: ignore[union-attr]
        for _n in range(most):
            waited = approving.waited_for(r, x)
            if not waited:
                return
            x.as_person(waited[0].person).take(r, "release_agree")


def fill(x: X) -> None:
    """Everything, where the company has the posts that sign."""
    if any(not x.who(post, x.snapshot.sites.root) for post in POSTS[:-1]):
        return
    scene = Scene(x)
    made: dict[str, Document] = {}
    for n, plot in enumerate(PLOTS):
        with x.at(x.now - dt.timedelta(days=320 - 9 * n)) as then:
            made[plot.title] = _document(scene, then, plot, made)
    _second_revision(scene, x, made["电梯困人处置作业指导书"])
    _on_their_way(scene, x, made)
    _external(scene, x)
    _projects(scene, x, made)
    _read(x)


def _document(scene: Scene, x: X, plot: Plot, known: dict[str, Document]) -> Document:
    keeper = scene.who("quality")
    body = {
        "title": plot.title, "level": plot.level, "system": plot.system, "owner_post": plot.owner,
        "department": plot.department, "above": known[plot.above].number if plot.above else None,
    }  # fmt: skip
    d = x.as_person(keeper).submit(Document, scene.root, body)
    scene.sign(scene.draft(d, x, keeper, _body(plot), "首次编写"), x, keeper)
    x.as_person(keeper).take(d, documents.map_clauses.name, answers=_clauses(plot.clauses))
    if plot.readers:
        x.as_person(keeper).take(d, documents.choose_readers.name, readers=plot.readers.replace(" ", "\n"))
    return d


def _second_revision(scene: Scene, x: X, d: Document) -> None:
    """An obsolete revision whose copies are not all back."""
    keeper = scene.who("quality")
    with x.at(x.now - dt.timedelta(days=120)) as then:
        for holder in ("消防控制室·安禾花园", "工程值班室·启程产业园", "后勤楼值班室·和康医院项目"):
            then.as_person(keeper).take(d, documents.distribute.name, holder=holder)
    with x.at(x.now - dt.timedelta(days=6)) as then:
        current = then.session.scalars(sa.select(Revision).where(Revision.document_id == d.id)).one()
        text = (current.body or "") + "\n4.4 救援到场前每十分钟与被困人员通话一次，并记录。"
        scene.sign(scene.draft(d, then, keeper, text, "增加救援到场前的安抚通话要求"), then, keeper)
    with x.at(x.now - dt.timedelta(days=3)) as then:
        first, second, _third = then.session.scalars(sa.select(Copy).where(Copy.document_id == d.id).order_by(Copy.copy_no))
        then.as_person(keeper).take(first, copies.take_back.name)
        then.as_person(keeper).take(first, copies.keep.name, reason="供困人事件追溯")
        then.as_person(keeper).take(second, copies.lose.name, reason="值班室搬迁时遗失", replace=False)
        then.as_person(keeper).take(d, documents.distribute.name, holder="消防控制室·安禾花园")


def _on_their_way(scene: Scene, x: X, made: dict[str, Document]) -> None:
    """One waits for co-signatures, one for its day."""
    keeper = scene.who("quality")
    with x.at(x.now - dt.timedelta(days=1)) as then:
        d = made["投诉与满意度程序"]
        r = scene.draft(d, then, keeper, _body(PLOTS[8]) + "\n4.4 重大投诉三十分钟内上报公司领导。", "按新的投诉分级修订")
        scene.sign(r, then, keeper, most=1)
    with x.at(x.now - dt.timedelta(days=3)) as then:
        d, day = made["应急准备与响应程序"], (x.now + dt.timedelta(days=12)).date()
        text = _body(PLOTS[12]) + "\n4.4 人员密集场所每半年演练一次。"
        r = scene.draft(d, then, keeper, text, "增加半年演练要求", effective_on=day)
        scene.sign(r, then, keeper)


def _external(scene: Scene, x: X) -> None:
    keeper = scene.who("quality")
    given = {
        "title": "高层民用建筑消防安全管理规定", "level": "external", "system": "O", "owner_post": "quality",
        "source": "应急管理部", "source_number": "令第 5 号", "source_edition": "2021",
    }  # fmt: skip
    with x.at(x.now - dt.timedelta(days=90)) as then:
        d = then.as_person(keeper).submit(Document, scene.root, given)
        r = scene.draft(d, then, keeper, "原文见应急管理部网站；适用条款已转入法规清单。", "收录")
        scene.sign(r, then, keeper)


def _projects(scene: Scene, x: X, made: dict[str, Document]) -> None:
    """A project's own document below the company's, to be checked since that one changed; and records on forms."""
    nodes = [n for n in x.snapshot.sites.ordered() if n.type == "project" and x.snapshot.module_on("quality", n.id)]
    for node in nodes[:1]:
        above, writer = made["电梯困人处置作业指导书"], scene.who("project_manager", node.id)
        given = {
            "title": f"{node.name}电梯困人处置细则", "level": "instruction", "department": "GC", "system": "Q",
            "owner_post": "engineering_lead", "parent": above.number,
        }  # fmt: skip
        with x.at(x.now - dt.timedelta(days=60)) as then:
            d = then.as_person(writer).submit(Document, node.id, given)
            said = "到场时限不长于公司文件；无抵触"
            r = scene.draft(d, then, writer, _body(PLOTS[14]), "按公司作业指导书细化到本项目", consistent=said)
            scene.sign(r, then, writer)
        d.standing, d.checked_from = Standing.CHECK, x.now - dt.timedelta(days=6)
        x.session.flush()
    form = made["巡查记录"]
    for node in nodes:
        for days in (1, 2, 3):
            with x.at(x.now - dt.timedelta(days=days)) as then:
                writer = scene.who("project_manager", node.id)
                given = {"form": form.number, "title": f"{node.name}巡查记录", "made_on": str(then.now.date())}
                then.as_person(writer).submit(FormRecord, node.id, given)


def _read(x: X) -> None:
    """Nearly all have read what they must; the last week's are open, and two are late."""
    mine = (Reading.tenant_id == x.tenant, Reading.status == ReadingState.OPEN)
    due = sa.select(Reading).where(*mine, Reading.created_at < x.now - dt.timedelta(days=7))
    found = x.session.scalars(due.order_by(Reading.created_at, Reading.number)).all()
    for n, r in enumerate(found[:-2]):
        with x.at(r.created_at + dt.timedelta(days=n % 6 + 1)) as then:
            then.as_person(r.person_id).take(r, readings.acknowledge.name)

