/// A large value behind one reference: copying it is counting one, however many fields it has.
///
/// A definition of a container has more than a thousand bytes and some forty references; a plan over a thousand hosts
/// holds each several times.
@propertyWrapper
package struct Boxed<Value: Hashable & Sendable>: Hashable, Sendable {
    private final class Box: Sendable {
        let value: Value

        init(_ value: Value) { self.value = value }
    }

    private var box: Box

    package init(wrappedValue: Value) { box = Box(wrappedValue) }

    /// A change makes a new box; other copies keep what they have.
    package var wrappedValue: Value {
        _read { yield box.value }
        set { box = Box(newValue) }
    }

    /// The box itself, to be put in another's place.
    package var projectedValue: Self {
        get { self }
        set { self = newValue }
    }

    package static func == (lhs: Self, rhs: Self) -> Bool { lhs.box === rhs.box || lhs.box.value == rhs.box.value }

    package func hash(into hasher: inout Hasher) { box.value.hash(into: &hasher) }
}
