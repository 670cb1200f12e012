"""A Bluetooth LE massager in software: device logic, body and radio, written apart from the controller."""
