// What somebody may be on staff's pages; the roles are those of bot/staff/accounts.py.

export const ROLES = {
  author: "编写", reviewer: "复核", publisher: "发布",
  agent: "坐席", lead: "组长", supervisor: "主管",
  complaint_handler: "投诉处理", complaint_lead: "投诉负责", complaint_reviewer: "投诉核查",
};

export const rolesOf = (person) => person.roles.map((role) => ROLES[role] || role).join("、");

export const holds = (person, roles) => person.roles.some((role) => roles.includes(role));
