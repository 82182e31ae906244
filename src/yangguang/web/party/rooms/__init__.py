"""Which room is free when (会议室空闲): a day or a week of bookings, and the way to book what is free."""
