// The one script a bank's page embeds:
//   <script type="module" src="https://GATEWAY/widget.js"></script>
// It adds <bankbot-chat> to the page unless the page has placed one itself.
import { BankbotChat } from "./static/widget/element.js";

if (!customElements.get("bankbot-chat")) {
  customElements.define("bankbot-chat", BankbotChat);
}
const place = () => {
  if (!document.querySelector("bankbot-chat")) {
    document.body.append(document.createElement("bankbot-chat"));
  }
};
if (document.body) place();
else addEventListener("DOMContentLoaded", place);
