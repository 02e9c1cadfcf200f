// [data-push]: whether this browser is told of news while the desk is closed, in words; and the buttons that change it.
// Each state stands in the page as words (data-push-state) and is shown when it is so.
const part = document.querySelector("[data-push]");
if (part) start();

async function start() {
  const able = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
  if (!able) {
    show("unable");
    return;
  }
  part.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-push-form]");
    if (!form) return;
    event.preventDefault();
    (form.dataset.pushForm === "on" ? turnOn(form) : turnOff(form)).catch(() => show("failed"));
  });
  await look().catch(() => show("failed"));
}

async function look() {
  if (Notification.permission === "denied") {
    show("blocked");
    return;
  }
  const found = await subscription();
  const here = found && row(found.endpoint);
  if (!found || !here) show("off");
  else show(here.dataset.pushOn === "yes" ? "on" : "ended");
}

async function turnOn(form) {
  show("asking");
  if ((await Notification.requestPermission()) !== "granted") {
    show(Notification.permission === "denied" ? "blocked" : "off");
    return;
  }
  await navigator.serviceWorker.register(part.dataset.pushWorker, { scope: "/" });
  const worker = await navigator.serviceWorker.ready;
  const before = await worker.pushManager.getSubscription();
  // One made with another key of the desk hears nothing, and one that ended is replaced.
  if (before) await before.unsubscribe();
  const made = await worker.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: part.dataset.pushKey,
  });
  const told = made.toJSON();
  form.elements.endpoint.value = told.endpoint;
  form.elements.p256dh.value = told.keys.p256dh;
  form.elements.auth.value = told.keys.auth;
  form.submit();
}

async function turnOff(form) {
  const found = await subscription();
  if (found) {
    form.elements.endpoint.value = found.endpoint;
    await found.unsubscribe();
  }
  form.submit();
}

async function subscription() {
  const worker = await navigator.serviceWorker.getRegistration("/");
  return worker ? worker.pushManager.getSubscription() : null;
}

function row(endpoint) {
  return [...part.querySelectorAll("[data-push-endpoint]")].find((one) => one.dataset.pushEndpoint === endpoint);
}

function show(state) {
  for (const words of part.querySelectorAll("[data-push-state]")) {
    words.hidden = !words.dataset.pushState.split(" ").includes(state);
  }
}
