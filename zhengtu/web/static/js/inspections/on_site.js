// The form for one house: the position from the device, and sending that loses nothing on a poor network.
// Without this script the form is sent as any other; the position then stays empty and the remark says why.

const form = document.querySelector("[data-on-site]");

if (form) {
  const shown = form.querySelector("[data-position]");
  const again = form.querySelector("[data-locate]");
  const said = form.querySelector("[data-said]");

  function placed({ coords }) {
    form.elements.longitude.value = coords.longitude.toFixed(6);
    form.elements.latitude.value = coords.latitude.toFixed(6);
    form.elements.accuracy_m.value = Math.round(coords.accuracy);
    shown.textContent = `${coords.latitude.toFixed(5)}, ${coords.longitude.toFixed(5)} ±${Math.round(coords.accuracy)} m`;
  }

  function locate() {
    if (!navigator.geolocation) { shown.textContent = shown.dataset.none; return; }
    shown.textContent = shown.dataset.waiting;
    again.hidden = false;
    navigator.geolocation.getCurrentPosition(placed, (error) => {
      if (form.elements.latitude.value) { placed({ coords: known() }); return; }
      shown.textContent = error.code === error.PERMISSION_DENIED ? shown.dataset.denied : shown.dataset.none;
    }, { enableHighAccuracy: true, timeout: 20_000, maximumAge: 30_000 });
  }

  function known() {
    return {
      longitude: Number(form.elements.longitude.value), latitude: Number(form.elements.latitude.value),
      accuracy: Number(form.elements.accuracy_m.value || 0),
    };
  }

  again.addEventListener("click", locate);
  locate();

  function say(content) {
    said.replaceChildren(content);
    said.scrollIntoView({ block: "center" });
  }

  function note(text) {
    const line = document.createElement("p");
    line.className = "note";
    line.textContent = text;
    return line;
  }

  function rest(is_resting) {
    const button = form.querySelector(".on-site-send");
    button.disabled = is_resting;
    button.removeAttribute("aria-busy");
  }

  // The page stays as it is until the server has taken the check: photo and words are not lost with the network.
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const sending = new XMLHttpRequest();
    sending.open("POST", location.href);
    sending.timeout = 180_000;
    sending.upload.addEventListener("progress", ({ loaded, total }) => {
      if (total) said.replaceChildren(note(`${form.dataset.sending} ${Math.floor(100 * loaded / total)} %`));
    });
    sending.addEventListener("load", () => {
      if (sending.status === 200 && sending.responseURL !== location.href) { location.assign(sending.responseURL); return; }
      rest(false);
      const answer = new DOMParser().parseFromString(sending.responseText, "text/html");
      const reasons = answer.querySelector(".reason-list");
      say(reasons ? document.adoptNode(reasons) : note(form.dataset.refused));
    });
    const unsent = () => { rest(false); say(note(form.dataset.unsent)); };
    sending.addEventListener("error", unsent);
    sending.addEventListener("timeout", unsent);
    rest(true);
    sending.send(new FormData(form));
  });
}
