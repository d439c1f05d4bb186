extension WebDriver {
    /// Taps a point with a finger, several times in one sequence, so that the pauses are those of the hand and not of
    /// the test.
    /// - Parameter apart: milliseconds between letting go and the next touch.
    public func tap(_ points: [(x: Double, y: Double)], apart: Int) async throws {
        var steps: [JSONValue] = []
        for (place, point) in points.enumerated() {
            if place > 0 { steps.append(["type": "pause", "duration": .number(Double(apart))]) }
            steps += [
                [
                    "type": "pointerMove", "duration": 0, "x": .number(point.x.rounded()),
                    "y": .number(point.y.rounded()),
                ],
                ["type": "pointerDown", "button": 0], ["type": "pointerUp", "button": 0],
            ]
        }
        try await command(
            "POST", "/actions",
            [
                "actions": [
                    [
                        "type": "pointer", "id": "finger", "parameters": ["pointerType": "touch"],
                        "actions": .array(steps),
                    ]
                ]
            ])
    }

    /// Taps the middle of the element twice.
    public func tapTwice(_ selector: String, apart: Int = 250) async throws {
        guard let point = try await middle(of: selector) else { throw Failure(description: "nothing is \(selector)") }
        try await tap([point, point], apart: apart)
    }
}
