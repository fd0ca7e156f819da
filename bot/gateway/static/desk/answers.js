// What came of what this agent asked of colleagues, until they have taken note of it.
export class Answers {
  constructor() {
    this.told = new Set();
    this.kept = new Map();
  }

  // Whether it is news: the gateway says so once more to a new line.
  take(answer) {
    if (this.told.has(answer.id)) return false;
    this.told.add(answer.id);
    this.forget(answer);
    this.kept.get(answer.number).push(answer);
    return true;
  }

  // About one ticket; of a kind the latest.
  of(number) {
    return this.kept.get(number) || [];
  }

  forget({ number, kind }) {
    this.kept.set(number, this.of(number).filter((each) => each.kind !== kind));
  }
}
