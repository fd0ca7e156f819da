// What things are called on this page.

export const FIELDS = {
  id: "编号", topic: "主题", question: "标准问法", variants: "问法", expected: "回归问法", answer: "答案",
  quick_replies: "快捷回复", related: "相关条目", advice: "坐席建议", owner: "负责部门", source: "依据",
  effective: "生效日", expires: "失效日", reviewed_on: "复核日", status: "状态", audience: "可见范围",
};
export const LISTS = ["variants", "expected", "quick_replies", "related"];

export const STATUSES = { draft: "草稿", approved: "已审核", withdrawn: "已撤下" };
export const AUDIENCES = { public: "所有人", signed_in: "登录客户", agents: "仅坐席" };
export const STATES = { waiting: "待复核", changed: "有改动未发布", overdue: "复核过期", expiring: "即将失效" };
export const DIFFERENCES = { added: "新增", changed: "修改", removed: "撤下" };
export const MINED_KINDS = { cluster: "没答上来的问题", variant: "新问法", answer: "人工答过或答案没帮上" };

export const EVENTS = {
  add: "新增", edit: "修改", withdraw: "撤下", import: "导入", revert: "恢复", undo: "未写入，作废",
  approve: "复核通过", reject: "复核退回", publish: "发布", rollback: "退回版本",
  accepted: "采纳客户问法", rejected: "不采纳客户问法",
};

// How many conversations; the causes are those of bot/conversations/feedback.py.
export const SIGNALS = {
  asked: "问过", unanswered: "没有答上", none_of_these: "选了“都不是”", thumbs_down: "点了“没有帮助”",
  picked: "选了这个条目", by_person: "由人工作答",
};
export const CAUSES = {
  off_point: "没答到点子上", unclear: "看不懂", outdated: "信息过时或有误", other: "其他原因",
};
