// A notification was pressed: push_worker.js asks whether this window may be led to another page, and leads it there.
import { chosen, dirty } from "./unsaved.js";

navigator.serviceWorker?.addEventListener("message", ({ data, ports }) => {
  if (data.ask === "free") ports[0].postMessage(!dirty(document) && !chosen(document));
  if (data.go && new URL(data.go).origin === location.origin) location.assign(data.go);
});
