// Imports: refuse a file that is too large before it is sent, show how far the upload is, follow the task.

const texts = JSON.parse(document.getElementById("upload-texts")?.textContent ?? "{}");
const megabytes = (bytes) => Math.ceil(bytes / 1048576);

for (const form of document.querySelectorAll("form[data-upload]")) {
  const limit = Number(form.dataset.limit);
  const error = form.querySelector("[data-upload-error]");
  const bar = form.querySelector("progress");
  const file = form.querySelector("input[type=file]");
  const drop = form.querySelector("[data-drop]");
  for (const name of ["dragover", "dragleave", "drop"]) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.toggle("is-over", name === "dragover");
      if (name === "drop" && event.dataTransfer.files.length) file.files = event.dataTransfer.files;
    });
  }
  form.addEventListener("submit", (event) => {
    const chosen = file.files[0];
    if (!chosen) return;
    error.hidden = true;
    if (chosen.size > limit) {
      event.preventDefault();
      event.stopImmediatePropagation();
      error.textContent = texts.tooLarge.replace("%(size)s", megabytes(chosen.size)).replace("%(limit)s", megabytes(limit));
      error.hidden = false;
      return;
    }
    event.preventDefault();
    const request = new XMLHttpRequest();
    request.open("POST", form.action || location.href);
    request.upload.addEventListener("progress", (progress) => {
      bar.hidden = false;
      if (progress.lengthComputable) bar.value = (100 * progress.loaded) / progress.total;
    });
    request.addEventListener("load", () => {
      if (request.responseURL && request.status < 400) location.href = request.responseURL;
      else {
        document.open();
        document.write(request.responseText);
        document.close();
      }
    });
    request.addEventListener("error", () => form.submit());
    request.send(new FormData(form));
  });
}

const standing = document.querySelector("[data-progress-href]");
if (standing) {
  const bar = standing.querySelector("progress");
  const label = standing.querySelector("[data-progress-label]");
  const follow = async () => {
    try {
      const answer = await fetch(standing.dataset.progressHref, { headers: { Accept: "application/json" } });
      if (answer.redirected || !answer.ok) return location.reload();
      const state = await answer.json();
      if (!state.isMoving) return location.reload();
      bar.value = state.percent;
      label.lastElementChild ? (label.lastElementChild.textContent = state.label) : (label.textContent = state.label);
    } catch {
      // the server is away for a moment; ask again
    }
    setTimeout(follow, 1000);
  };
  setTimeout(follow, 700);
}

// A download leaves the page where it is: its button may be pressed again after a moment.
for (const button of document.querySelectorAll("[data-download]")) {
  button.form.addEventListener("submit", () => setTimeout(() => button.removeAttribute("aria-busy"), 3000));
}
