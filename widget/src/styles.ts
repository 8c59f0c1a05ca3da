/** Brings the stylesheet in as a constructed sheet, which a strict Content-Security-Policy allows without a nonce. */

import css from "./styles.css";

const constructed = "adoptedStyleSheets" in Document.prototype;
let shared: CSSStyleSheet | null = null;

function sheet(): CSSStyleSheet {
  if (shared === null) {
    shared = new CSSStyleSheet();
    shared.replaceSync(css);
  }
  return shared;
}

/** Give the shadow root its styles; browsers from before constructed sheets get a `<style>` element. */
export function applyStyles(root: ShadowRoot, viewport: CSSStyleSheet | null): void {
  if (constructed && viewport !== null) {
    root.adoptedStyleSheets = [sheet(), viewport];
    return;
  }
  const style = document.createElement("style");
  style.textContent = css;
  root.append(style);
}

/**
 * Knows how much of the screen a phone's keyboard leaves free, as the custom property `--viewport`,
 * because no CSS unit says it everywhere.
 */
export class ViewportHeight {
  readonly sheet = constructed ? new CSSStyleSheet() : null;

  follow(signal: AbortSignal): void {
    const viewport = window.visualViewport;
    if (viewport === null || this.sheet === null) return;
    const update = () => {
      // A pinch-zoomed page also shrinks the visual viewport; the panel must not shrink with it.
      const keyboard = viewport.scale <= 1.01 && innerHeight - viewport.height > 80;
      this.sheet?.replaceSync(
        keyboard ? `:host{--viewport:${viewport.height}px;--viewport-top:${viewport.offsetTop}px}` : "",
      );
    };
    viewport.addEventListener("resize", update, { signal });
    viewport.addEventListener("scroll", update, { signal });
  }
}
