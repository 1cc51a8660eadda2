"use strict";
{
    const data = JSON.parse(document.getElementById("data").textContent);
    const name = document.getElementById("name");
    const shown = document.getElementById("shown");
    const filters = [...document.querySelectorAll("[data-filter]")];
    const rows = [...document.querySelectorAll("#grid tbody tr")];
    const dialog = document.getElementById("checks");

    /** The choice lives in the address, so that a filtered page can be linked to. */
    const state = () => {
        const parameters = new URLSearchParams(location.hash.slice(1));
        const part = (key) => parameters.get(key) ?? "";
        return { outcome: part("outcome"), name: part("name"), cell: part("cell") };
    };

    const choose = (change) => {
        const next = { ...state(), ...change };
        const parameters = new URLSearchParams(Object.entries(next).filter(([, value]) => value !== ""));
        history.replaceState(null, "", parameters.size > 0 ? "#" + parameters : location.pathname + location.search);
        apply();
    };

    const apply = () => {
        const { outcome, name: wanted, cell } = state();
        const words = wanted.toLowerCase().split(/\s+/);
        const isNamed = (element) => words.every((word) => element.dataset.operation.toLowerCase().includes(word));
        for (const filter of filters) {
            filter.setAttribute("aria-pressed", String(filter.dataset.filter === outcome));
        }
        if (name.value !== wanted) {
            name.value = wanted;
        }
        let count = 0;
        for (const row of rows) {
            for (const span of row.querySelectorAll("span")) {
                span.hidden = outcome !== "" && !span.classList.contains(outcome);
            }
            for (const button of row.querySelectorAll("button")) {
                button.hidden = [...button.children].every((span) => span.hidden);
            }
            row.hidden = !isNamed(row) || row.querySelector("button:not([hidden])") === null;
            count += row.hidden ? 0 : 1;
        }
        shown.textContent = (count === rows.length ? "" : count + " of ") + rows.length + " operations";
        for (const section of document.querySelectorAll("section[data-outcome]")) {
            for (const item of section.querySelectorAll("[data-operation]")) {
                item.hidden = !isNamed(item);
            }
            for (const article of section.querySelectorAll("article:not([data-operation])")) {
                article.hidden = article.querySelector("li:not([hidden])") === null;
            }
            section.hidden = (outcome !== "" && section.dataset.outcome !== outcome)
                || section.querySelector("article:not([hidden])") === null;
        }
        open(...cell.split("/"));
    };

    const open = (operation, dtype) => {
        const checks = data[operation]?.[dtype];
        if (checks === undefined || dialog.open) {
            return;
        }
        document.getElementById("checks-title").textContent = operation + " " + dtype;
        dialog.querySelector("tbody").replaceChildren(...checks.map(([check, outcome, inputs, reason]) => {
            const row = document.createElement("tr");
            for (const text of [check, outcome.replace("-", " "), inputs, reason ?? ""]) {
                row.insertCell().textContent = text;
            }
            row.cells[1].className = outcome;
            return row;
        }));
        dialog.showModal();
    };

    /** What can be taken along gets a button to copy it. */
    for (const pre of document.querySelectorAll("dd pre")) {
        const part = pre.parentElement.previousElementSibling.textContent;
        if (part === "Java" || part === "command") {
            const copy = document.createElement("button");
            copy.type = "button";
            copy.textContent = "copy";
            copy.setAttribute("aria-label", "Copy " + part);
            copy.addEventListener("click", async () => {
                await navigator.clipboard.writeText(pre.textContent);
                copy.textContent = "copied";
            });
            pre.after(copy);
        }
    }

    for (const filter of filters) {
        filter.addEventListener("click", () => choose({ outcome: filter.dataset.filter }));
    }
    name.addEventListener("input", () => choose({ name: name.value }));
    name.form.addEventListener("submit", (event) => event.preventDefault());
    document.getElementById("grid").addEventListener("click", (event) => {
        const cell = event.target.closest("td[data-dtype]");
        if (cell !== null) {
            choose({ cell: cell.parentElement.dataset.operation + "/" + cell.dataset.dtype });
        }
    });
    dialog.addEventListener("click", (event) => {
        if (event.target === dialog) {
            dialog.close();
        }
    });
    dialog.addEventListener("close", () => choose({ cell: "" }));
    addEventListener("hashchange", apply);
    apply();
}
