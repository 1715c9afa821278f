(function () {
  "use strict";
  var root = document.documentElement, theme = document.getElementById("theme");
  function dark() {
    return root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  }
  function label() { theme.textContent = dark() ? "Light" : "Dark"; }
  theme.hidden = false;
  label();
  theme.addEventListener("click", function () { root.dataset.theme = dark() ? "light" : "dark"; label(); });

  var tools = document.querySelector(".tools"), find = document.getElementById("find"), show = "all";
  tools.hidden = false;
  function filter() {
    var word = find.value.trim().toLowerCase();
    document.querySelectorAll(".finding").forEach(function (f) {
      var fits = show === "all" || f.dataset.severity === show || (show === "new" && f.dataset.known === "false");
      f.hidden = !(fits && (!word || f.textContent.toLowerCase().indexOf(word) >= 0));
    });
  }
  tools.querySelectorAll("button").forEach(function (b) {
    b.addEventListener("click", function () {
      tools.querySelectorAll("button").forEach(function (o) { o.classList.toggle("on", o === b); });
      show = b.dataset.show;
      filter();
    });
  });
  find.addEventListener("input", filter);
  addEventListener("beforeprint", function () {
    document.querySelectorAll("details.finding, details.q").forEach(function (d) { d.open = true; });
  });
})();
