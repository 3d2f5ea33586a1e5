// Versions that were built after this page. From a disk nothing can be fetched, and the list stays as it is.
document.addEventListener("DOMContentLoaded", async () => {
  if (!window.location.protocol.startsWith("http")) return;
  for (const box of document.querySelectorAll("details.versions")) {
    const answer = await fetch(box.dataset.root + "versions.json").catch(() => null);
    if (!answer || !answer.ok) continue;
    const list = box.querySelector("ul");
    list.replaceChildren(
      ...(await answer.json()).map((one) => {
        const item = document.createElement("li");
        const link = item.appendChild(document.createElement("a"));
        link.href = box.dataset.root + one.address;
        link.textContent = one.version + " ";
        link.appendChild(document.createElement("small")).textContent = one.day;
        if (one.version === box.querySelector("summary").textContent) link.setAttribute("aria-current", "true");
        return item;
      }),
    );
  }
});
