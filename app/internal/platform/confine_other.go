//go:build !linux

package platform

// Confine does nothing here and says so.
func Confine() (Confinement, error) { return Confinement{}, nil }

// NetworkDenied reports that nothing keeps this process from the network.
func NetworkDenied() bool { return false }
