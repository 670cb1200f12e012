"""Controller that holds a Bluetooth LE back massager inside limits for people with spinal stenosis."""
