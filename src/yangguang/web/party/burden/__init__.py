"""The burden figure (填报负担): what people typed, and what the reports got without typing."""
