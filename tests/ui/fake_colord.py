# ruff: noqa: N802, T201 - these are the names of colord, and the line is for whoever started it
"""A colord that knows one output: FILE is the profile of HDMI-1. Prints a line when it can be asked."""

import sys

from PyQt6.QtCore import QCoreApplication, QObject, pyqtClassInfo, pyqtProperty, pyqtSlot
from PyQt6.QtDBus import QDBusConnection, QDBusMessage, QDBusObjectPath

FLAG = QDBusConnection.RegisterOption


@pyqtClassInfo("D-Bus Interface", "org.freedesktop.ColorManager")
class Manager(QObject):
    @pyqtSlot(str, str, QDBusMessage, result=QDBusObjectPath)
    def FindDeviceByProperty(self, key, value, message):
        if (key, value) != ("XRANDR_name", "HDMI-1"):
            message.setDelayedReply(True)
            QDBusConnection.sessionBus().send(message.createErrorReply("org.freedesktop.ColorManager.NotFound", "none"))
            return QDBusObjectPath("/")
        return QDBusObjectPath("/devices/one")


@pyqtClassInfo("D-Bus Interface", "org.freedesktop.ColorManager.Device")
class Device(QObject):
    @pyqtSlot("QStringList", result=QDBusObjectPath)
    def GetProfileForQualifiers(self, qualifiers):
        assert qualifiers == ["*"]
        return QDBusObjectPath("/profiles/one")


@pyqtClassInfo("D-Bus Interface", "org.freedesktop.ColorManager.Profile")
class Profile(QObject):
    @pyqtProperty(str)
    def Filename(self):
        return sys.argv[1]


application = QCoreApplication(sys.argv)
bus = QDBusConnection.sessionBus()
parts = {"/org/freedesktop/ColorManager": Manager(), "/devices/one": Device(), "/profiles/one": Profile()}
for path, part in parts.items():
    assert bus.registerObject(path, part, FLAG.ExportAllSlots | FLAG.ExportAllProperties)
assert bus.registerService("org.freedesktop.ColorManager")
print("there", flush=True)
application.exec()
