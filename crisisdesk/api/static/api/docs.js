// Starts Swagger UI from our own files; the page itself holds no script (strict CSP).
"use strict";

(() => {
  const place = document.getElementById("docs");

  // Swagger's own layout, without its second <main>: the page has one already.
  const layout = ({ React: { createElement: put } }) => ({
    components: {
      DeskLayout: ({ getComponent, specSelectors }) => {
        if (specSelectors.loadingStatus() !== "success") {
          return put("p", { className: "docs-wait", role: "status" }, "Loading …");
        }
        const part = (name) => put(getComponent(name, true));
        return put(
          "div",
          { className: "swagger-ui" },
          put(getComponent("SvgAssets")),
          put("div", { className: "wrapper information-container" }, part("InfoContainer")),
          put("div", { className: "wrapper auth-wrapper" }, part("AuthorizeBtnContainer")),
          part("FilterContainer"),
          put(
            "div",
            { className: "wrapper", id: "operations" },
            put("h2", null, "Operations"),
            part("operations"),
          ),
        );
      },
    },
  });

  window.SwaggerUIBundle({
    url: place.dataset.schema,
    domNode: place,
    docExpansion: "list",
    layout: "DeskLayout",
    plugins: [layout],
    validatorUrl: null,
    presets: [window.SwaggerUIBundle.presets.apis],
    requestInterceptor: (request) => {
      // Somebody who is signed in on the pages may try things out without a token.
      if (request.method && request.method !== "GET") {
        request.headers["X-CSRFToken"] = place.dataset.csrf;
      }
      return request;
    },
  });
})();
