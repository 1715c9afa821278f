package app

import "context"

// tail follows log files.
func (s *Server) tail(ctx context.Context) {}

// subscribe takes batches of lines from a NATS subject.
func (s *Server) subscribe(ctx context.Context) {}
