//go:build !headless

package main

import (
	"heyi/app/internal/platform"
	"heyi/app/internal/present"
	"heyi/storage/datadir"
)

// machine is what the window needs of this machine, off the screen's goroutine.
type machine struct{ launcher *platform.Launcher }

// Open opens a file that a person chose.
func (machine) Open(path string) (present.File, error) { return datadir.OpenFile(path) }

// Read reads a file that a person chose.
func (machine) Read(path string, limit int64) ([]byte, error) { return datadir.ReadFile(path, limit) }

// Write writes a file where nothing stands yet.
func (machine) Write(path string, content []byte) error { return datadir.WriteOut(path, content) }

// Show shows a file of the data directory in the system's own viewer.
func (m machine) Show(path string) error { return m.launcher.Open(path) }

// Print hands a file of the data directory to the system's printing.
func (m machine) Print(path string) (bool, error) { return m.launcher.Print(path) }
