// Package laws holds no code, only tests: the rules of CONTRIBUTING.md that a
// machine can check over the whole source tree. Each law is a function that
// returns what breaks it; each is also run against a small tree under testdata
// that breaks it, because a law that cannot fail holds nothing.
package laws
