// Styles that libraries make at run time carry the nonce of this page: without it the policy forbids them.
export const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';

// What get-nonce (of react-remove-scroll, behind Mantine's dialogs) looks for.
(globalThis as { __webpack_nonce__?: string }).__webpack_nonce__ = nonce;
