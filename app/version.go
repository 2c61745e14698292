package main

// Version is the program's version; FyneApp.toml carries the same.
const Version = "0.1.0"

// AppID names the program to the desktop; FyneApp.toml carries the same.
const AppID = "cn.heyi.review"
