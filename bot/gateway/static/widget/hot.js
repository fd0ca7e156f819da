// What an empty conversation opens with: the questions that customers ask most.
import { hotQuestions, questionList } from "./questions.js";

export class Hot {
  // server(): origin of the gateway; empty(): whether nothing has been said yet; put(node): shows
  // the list; pick(question): the customer chose one
  constructor({ server, empty, put, pick }) {
    Object.assign(this, { server, empty, put, pick });
  }

  // Of this opening alone: an answer that comes after the log was cleared is a former one's.
  clear() {
    this.asking = null;
  }

  async offer() {
    if (this.asking || !this.empty()) return;
    const asking = (this.asking = Symbol());
    // Nothing to begin with is no fault that a customer need hear of.
    const found = await hotQuestions(this.server()).catch(() => []);
    if (this.asking !== asking) return;
    if (!found.length) this.asking = null;
    if (!found.length || !this.empty()) return;
    this.put(questionList("大家常问", "hot", found.map(({ question }) => [question, () => this.pick(question)])));
  }
}
