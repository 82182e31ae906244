// Placeholder module until the signing component is built.
export {};
