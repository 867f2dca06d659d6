"""One made-up complaint with everything that a record's page can show."""

from __future__ import annotations

from dougong.web import views as v

from .sample_lists import T

PICTURE = "data:image/gif;base64,R0lGODlhAQABAIAAAMLCwgAAACH5BAAAAAAALAAAAAABAAEAAAICRAEAOw=="


def detail_page(t: T) -> v.DetailPage:
    fact, entry, action = v.Fact, v.Entry, v.Action

    def text(words: str) -> v.Value:
        return v.Value("text", words)

    today, yesterday = t("今天 11 月 22 日", "Today 22 Nov"), t("昨天 11 月 21 日", "Yesterday 21 Nov")
    notice = v.FormPage(
        t("发进度给投诉人", "Send progress"),
        "/complaints/complaint/1/do/notify",
        t("发送", "Send"),
        [
            v.Section(
                "",
                [
                    v.Input(
                        "text",
                        t("内容", "Text"),
                        "prose",
                        required=True,
                        help=t("以“您”称呼，写清下一步和时间。", "Say the next step and when."),
                    ),
                    v.Input(
                        "way",
                        t("方式", "Way"),
                        "radios",
                        options=[
                            v.Option("sms", t("短信", "Text message"), True),
                            v.Option("call", t("电话已告知", "By phone")),
                        ],
                        required=True,
                    ),
                ],
            )
        ],
    )
    return v.DetailPage(
        t(
            "5 号楼 1 单元电梯困人，两位住户被困 23 分钟",
            "Building 5-1 lift entrapment, two residents trapped for 23 minutes",
        ),
        "TS-2026-000431",
        [v.Crumb(t("投诉", "Complaints"), "/complaints/complaint"), v.Crumb("TS-2026-000431")],
        v.Value("state", t("处理中", "In progress"), "doing"),
        [
            v.Value("tag", t("重大", "Major"), "bad"),
            v.Value("tag", t("紧急", "Urgent"), "bad"),
            v.Value("tag", t("回访不满意 1 次", "One unhappy visit"), "warn"),
        ],
        t("责任岗位 工程主管·安禾花园", "Owner: engineering lead, Anhe Garden"),
        [
            action(t("发进度", "Send progress"), "/complaints/complaint/1/do/notify", "send", True, dialog="do-notify"),
            action(t("上报", "Escalate"), "#", "up"),
            action(t("转待回访", "To return visit"), "#", "s-visit", post=True),
        ],
        [action(t("修改", "Edit"), "#", "edit"), action(t("作废", "Void"), "#", "trash", danger=True, post=True)],
        [
            v.Refusal(
                t("挂起", "Hold"), t("此案已挂起 2 次，达到上限。", "Already on hold twice, the limit."), "/explain"
            ),
            v.Refusal(
                t("关闭", "Close"), t("须先有一次满意或基本满意的回访。", "A return visit must have found it settled.")
            ),
        ],
        [
            v.Step(t("登记", "Registered"), "new", True, note="11-21 08:42"),
            v.Step(t("受理", "Accepted"), "acc", True, note="08:43"),
            v.Step(t("处理中", "In progress"), "doing", current=True, note=t("第 2 次", "2nd time")),
            v.Step(t("待回访", "Visit due"), "visit"),
            v.Step(t("关闭", "Closed"), "acc"),
        ],
        [
            v.Due(
                t("解决时限", "Resolution"),
                v.Value("clock", t("剩 1:20", "1:20 left"), "soon", title="2026-11-22 15:40"),
                t("今天 15:40 到期", "due today 15:40"),
            ),
            v.Due(
                t("下次进度", "Next notice"),
                v.Value("clock", t("剩 0:12", "0:12 left"), "soon", title="2026-11-22 14:32"),
                t("每 2 小时一次", "every 2 hours"),
            ),
            v.Due(
                t("首次联系", "First contact"),
                v.Value("clock", t("按时", "On time"), "done", title="2026-11-21 08:47"),
                t("用时 2 分，限 5 分", "took 2 of 5 min"),
            ),
        ],
        [
            v.FactSection(
                t("诉求", "Request"),
                [
                    fact(t("类别", "Category"), text(t("电梯困人", "Lift entrapment"))),
                    fact(t("渠道", "Channel"), text(t("电话，对讲转接", "Phone, intercom"))),
                    fact(
                        t("地点", "Place"), v.Value("link", t("5 号楼 1 单元 1 号梯", "Building 5-1, lift 1"), href="#")
                    ),
                    fact(
                        t("陈述", "Statement"),
                        v.Value(
                            "prose",
                            t(
                                "“电梯在 9 层和 10 层之间停住，灯灭了，老人心慌。上个月也停过一次，要求给出书面的故障原因。”",
                                "“The lift stopped between floors 9 and 10, the light went out. We want the cause in writing.”",
                            ),
                        ),
                    ),
                ],
            ),
            v.FactSection(
                t("投诉人", "Complainant"),
                [
                    fact(t("身份", "Who"), text(t("业主（5-1-1002）", "Owner (5-1-1002)"))),
                    fact(t("称呼", "Name"), v.Value("masked", "王**")),
                    fact(
                        t("电话", "Phone"), v.Value("masked", "138 **** 5678"), "/complaints/complaint/1/reveal/phone"
                    ),
                    fact(
                        t("登记于", "Registered"),
                        v.Value(
                            "datetime",
                            t("5 小时前", "5 h ago"),
                            title="2026-11-22 08:42",
                            datetime="2026-11-22T08:42+08:00",
                        ),
                    ),
                ],
            ),
            v.FactSection(
                t("处理", "Handling"),
                [
                    fact(t("责任岗位", "Owner"), v.Value("person", t("工程主管·安禾花园", "Engineering lead"))),
                    fact(t("协办", "With"), text(t("客服主管、维保单位驻场", "Service lead, lift contractor"))),
                    fact(
                        t("措施", "Measures"),
                        v.Value(
                            "prose",
                            t(
                                "已更换门机皮带，全园 24 台同型电梯 11-25 前排查",
                                "Door belt replaced; all 24 lifts of this type to be checked by 25 November",
                            ),
                        ),
                    ),
                    fact(t("索赔", "Claim"), v.Value("empty", "–")),
                ],
            ),
        ],
        [
            v.Line(
                "GD-2026-001877",
                t("更换门机皮带", "Replace the door belt"),
                "#",
                "order",
                v.Value("state", t("已验收", "Accepted"), "done"),
            ),
            v.Line("BF-2026-0031", t("维保漏项（不合格）", "Maintenance item missed"), "#", "warn"),
        ],
        [
            v.Tab(t("全部", "All"), "?", 8, True),
            v.Tab(t("进度", "Notices"), "?", 4),
            v.Tab(t("上报", "Escalations"), "?", 1),
            v.Tab(t("回访", "Visits"), "?", 1),
        ],
        [
            entry(
                t("进度通报", "Progress sent"),
                t("工程主管·短信", "Engineering lead, text message"),
                "12:32",
                "2026-11-22T12:32+08:00",
                "send",
                "brand",
                t(
                    "维保单位已到场复核，故障原因说明书正在盖章，今天 15:30 前送达。",
                    "The contractor is on site; the written cause is being stamped and will be delivered by 15:30.",
                ),
                day=today,
            ),
            entry(
                t("待回访 → 处理中", "Visit due → In progress"),
                t("回访不满意，重新计时 2 小时", "unhappy visit, 2 hours anew"),
                "12:20",
                "2026-11-22T12:20+08:00",
                "undo",
                "warn",
            ),
            entry(
                t("回访：不满意", "Return visit: not settled"),
                t("客服专员·电话", "Service agent, phone"),
                "12:14",
                "2026-11-22T12:14+08:00",
                "phone",
                "bad",
                t(
                    "“人是救出来了，但说好的书面原因还没有收到。”",
                    "“They got us out, but the cause in writing never came.”",
                ),
            ),
            v.Entry(
                t("评论", "Comment"),
                t("客服主管", "Service lead"),
                "09:10",
                "2026-11-22T09:10+08:00",
                "chat",
                text=t(
                    "@工程主管 今天能拿到书面原因吗？", "@Engineering lead, can we have the cause in writing today?"
                ),
                group="comments",
                remove="#back",
            ),
            v.Entry(
                t("附件", "Files"),
                t("客服专员", "Service agent"),
                "09:02",
                "2026-11-22T09:02+08:00",
                "clip",
                group="files",
                files=[
                    v.FileTile(t("轿厢内部.jpg", "Inside the car.jpg"), "#photo", "812 kB", PICTURE),
                    v.FileTile(t("旧照片.jpg", "Old.jpg"), "", t("已删除", "removed")),
                ],
            ),
            entry(
                t("处理中 → 待回访", "In progress → Visit due"),
                t("工程主管", "Engineering lead"),
                "15:30",
                "2026-11-21T15:30+08:00",
                "s-visit",
                "brand",
                day=yesterday,
            ),
            entry(
                t("上报公司领导", "Escalated to the company"),
                t("项目经理", "Project manager"),
                "08:46",
                "2026-11-21T08:46+08:00",
                "up",
                "bad",
                t("理由：重大、紧急，老人被困。", "Major, urgent, an old person is trapped."),
                facts=[
                    fact(
                        t("事实快照", "Facts"),
                        text(t("DT-0501，9 至 10 层之间，2 人，对讲畅通", "DT-0501, between 9 and 10, two people")),
                    ),
                    fact(
                        t("签收", "Received"),
                        text(t("物业总监 08:58 签收，用时 12 分", "Property director 08:58, 12 min")),
                    ),
                ],
            ),
            entry(
                t("首次联系", "First contact"),
                t("客服专员·对讲安抚", "Service agent, intercom"),
                "08:44",
                "2026-11-21T08:44+08:00",
                "phone",
                "good",
            ),
            entry(
                t("登记并受理", "Registered and accepted"),
                t("客服专员", "Service agent"),
                "08:42",
                "2026-11-21T08:42+08:00",
                "case",
            ),
        ],
        [v.FormDialog("do-notify", notice)],
        print_title=t("安禾物业服务有限公司　投诉处理单", "Anhe Property Services, complaint sheet"),
        printed=t("打印于 2026-11-22 14:20，项目经理·安禾花园", "Printed 2026-11-22 14:20 by the project manager"),
        signatures=[
            t("经办", "Handled by"),
            t("客服主管", "Service lead"),
            t("项目经理", "Project manager"),
            t("投诉人签字 / 日期", "Complainant / date"),
        ],
        files=v.FileBox(
            [
                v.FileTile(
                    t("轿厢内部.jpg", "Inside the car.jpg"),
                    "#photo",
                    t("812 kB · 客服专员", "812 kB · Service agent"),
                    PICTURE,
                    "#remove",
                    480,
                    360,
                ),
                v.FileTile(
                    t(
                        "维保单位书面说明（第二次补充，盖章扫描件）.pdf",
                        "Statement of the maintenance company, amended and signed.pdf",
                    ),
                    "#paper",
                    "1.2 MB",
                ),
            ],
            "#files",
            "#api",
            ".jpg,.pdf",
            t("图片、PDF；单个不超过 20 MB。", "Pictures, PDF; at most 20 MB each."),
        ),
        talk=v.TalkBox("#comments", "#people", 4000),
    )
